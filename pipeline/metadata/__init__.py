"""What a document says about itself: title, author, date, dateline, publisher, language."""
