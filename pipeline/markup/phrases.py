"""Phrases and function words in the languages of the web, as features: they weigh, they do not decide.

All lower case; a phrase counts where a word begins. Cues with examples, which explain a verdict, are elsewhere
(``seeds/cues``).
"""

from __future__ import annotations

from pipeline.markup.tags import word_set

PHRASES: dict[str, tuple[str, ...]] = {
    "rights": ("©", "all rights reserved", "copyright", "alle rechte", "tous droits", "todos los derechos", "privacy",
               "terms of", "datenschutz", "impressum", "mentions légales", "aviso legal", "disclaimer", "trademark"),
    "cookie": ("cookie", "consent", "gdpr", "partners", "your data", "personal data", "your device", "einwilligung",
               "opt out", "opt-out", "do not sell", "preferences"),
    "account": ("log in", "login", "sign in", "sign up", "register", "my account", "password", "anmelden", "konto",
                "se connecter", "create account", "create an account", "forgot", "logout", "log out"),
    "subscribe": ("subscribe", "subscription", "newsletter", "subscriber", "abonn", "suscr", "your inbox", "e-mail",
                  "email", "membership", "free trial", "unlock", "donate", "donation", "support us", "spenden"),
    "share": ("share", "facebook", "twitter", "whatsapp", "linkedin", "pinterest", "instagram", "follow us", "tweet",
              "teilen", "partager", "compartir", "copy link", "print this"),
    "related": ("related", "read more", "more from", "more on", "also read", "read also", "see also", "recommended",
                "you may also", "you might also", "most read", "most popular", "trending", "latest news", "mehr zum",
                "lesen sie auch", "lire aussi", "à lire", "lea también", "previous", "next", "view all", "show more",
                "load more", "learn more", "see more", "continue reading", "weiterlesen", "back to top"),
    "comment": ("comment", "reply", "replies", "kommentar", "commentaire", "comentario", "upvote", "report abuse",
                "likes", "quote:", "wrote:", "permalink", "leave a"),
    "forum": ("posts:", "joined", "member since", "reputation", "thread", "moderator", "originally posted",
              "registered", "location:", "views", "posted"),
    "ad": ("advert", "sponsor", "anzeige", "werbung", "publicité", "publicidad", "promoted", "paid partnership",
           "affiliate", "commission"),
    "shop": ("add to cart", "add to basket", "in stock", "out of stock", "free shipping", "shipping", "sale", "price",
             "buy now", "reviews", "rating", "warenkorb", "qty", "quantity", "wishlist", "checkout", "sku", "$", "€",
             "£"),
    "credit": ("photo", "image:", "foto", "getty", "reuters", "picture:", "credit", "source:", "bild:", "afp", "dpa",
               "courtesy", "shutterstock", "video:", "watch:", "listen:"),
    "author": ("author", "written by", "reporter", "editor", "correspondent", "about the", "autor", "journalist",
               "redakt", "contributor", "contact us", "is a writer", "staff writer"),
    "date": ("january", "february", "march ", "april", "june", "july", "august", "september", "october", "november",
             "december", "jan ", "feb ", "mar ", "apr ", "jun ", "jul ", "aug ", "sep ", "sept ", "oct ", "nov ",
             "dec ", "ago", "min read", "minute read", "updated", "published", "januar", "märz", "juni", "juli",
             "oktober", "dezember", "uhr", "janvier", "février", "mars ", "avril", "juin", "juillet", "enero",
             "2020", "2021", "2022", "2023", "2024", "2025", "2026"),
    "navigation": ("home", "menu", "search", "skip to", "contact", "about us", "careers", "help", "faq", "sitemap",
                   "close", "toggle", "open in", "download", "click here", "loading", "startseite", "suche", "accueil",
                   "buscar", "javascript", "browser"),
    "speech": ("i ", "i'm", "i've", "my ", "you ", "your ", "we ", "our ", "thanks", "thank you"),
    "telling": ("said", "says", "told", "according to", "sagte", "laut", "selon", "según", "dijo"),
}  # fmt: skip

FUNCTION_WORDS = word_set(
    "the of and to in a is that for it was on with as he be at by this had not are but from or have an they which you "
    "were her his we der die das und ist von den mit zu des auf für im nicht ein eine als auch es werden aus er hat "
    "dass sie nach wird bei le la les de et en un une du est que dans qui pour sur pas au il par plus el los las y "
    "del se con por su para una lo como más o di che non per della sono dei nel com não uma os na mais do van het een "
    "op te dat met zijn voor niet och att det som på är av för med jag og til af ikke w się nie z jest że i в и на не "
    "что с по как"
)
