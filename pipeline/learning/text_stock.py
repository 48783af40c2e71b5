"""Sentences of page furniture that we wrote ourselves, mixed into training pages where the corpora have too few.

A few dozen of each suffice: the classifier must learn where appeals stand and whom they address, not their wording.
"""

from __future__ import annotations

APPEALS = {
    "en": (
        "Dear reader, this page exists because people like you pay for it.",
        "A word before you go.",
        "Hello again, and welcome back.",
        "Our small newsroom has covered this region for twenty years without an owner telling us what to write.",
        "Ads no longer pay our bills, and every month fewer of them reach this page.",
        "Most of our visitors block advertising, and we understand why; our landlord does not.",
        "We will never lock our archive behind a paywall, because everyone should be able to read it.",
        "If you value what you read here, please give what you can.",
        "It takes less than a minute, and every bit of it goes to our reporters.",
        "Could you spare the price of a coffee each month?",
        "Independent reporting is expensive, and we cannot do it alone.",
        "Your gift keeps our servers running and our writers on the road.",
        "Last year 4,200 of you chipped in; this year we hope to reach 5,000.",
        "We depend on you, not on shareholders.",
        "Join the readers who make this work possible.",
        "Please think about supporting us with a small regular payment.",
        "You can stop at any time, no questions asked.",
        "Pay by card, bank transfer or PayPal.",
        "Every amount helps, and a regular one helps us plan.",
        "Give once",
        "Give every month",
        "Yes, I want to help",
        "Maybe later",
        "Choose your amount",
        "Our costs have gone up by a third while our income has not moved.",
        "Unlike larger outlets, we have no rich parent company to fall back on.",
        "We are asking everyone who reads this to stand with us today.",
        "Thank you for standing by us!",
        "If everyone who sees this message gave three dollars, our fundraiser would be over within an hour.",
        "We hate asking, but the truth is that this site will close without your support.",
        "Keep quality reporting open for all by becoming a member.",
        "Members get our weekly letter and our lasting gratitude.",
        "Running this service costs us time and money every single day of the year.",
        "We do not sell your data and we carry no trackers, so we rely on your generosity.",
        "Your donation is tax deductible where the law allows it.",
        "Be part of something bigger: back local news now.",
        "Do you like our site? Then help us keep it alive.",
        "We publish every day, and it is you who make that possible.",
        "Advertising once paid for all of this, but that money now goes to a handful of search engines and networks.",
        "Small publishers everywhere are folding as paper, hosting and wages grow dearer.",
        "Browsers that hide commercials have cut the takings of independent sites to a fraction of what they were.",
        "Unlike the big portals, this site neither hides its stories behind a login nor sells its readers.",
        "A team of six writes, edits and checks everything that appears here, at weekends and on holidays as well.",
        "The servers, the wire services and the lawyers all want to be paid on time.",
        "Nothing on these pages is paid for by a party, a company or the state.",
        "Those who come here often may wish to leave something in the jar.",
        "A modest sum from every tenth visitor would settle the question for good.",
        "For the price of one newspaper a month this page can go on as it is.",
        "The counter below shows how far the collection has come this year.",
    ),
    "de": (
        "Liebe Leserin, lieber Leser, unsere Redaktion lebt von Ihrer Unterstützung.",
        "Werbung allein trägt unsere Arbeit längst nicht mehr.",
        "Wenn Ihnen unsere Berichte etwas wert sind, helfen Sie uns bitte mit einem kleinen Betrag.",
        "Schon fünf Euro im Monat machen für uns einen Unterschied.",
        "Wir bleiben für alle frei lesbar, dank Menschen wie Ihnen.",
        "Sie können jederzeit kündigen.",
        "Jetzt unterstützen",
        "Einmalig spenden",
        "Ihre Spende ist steuerlich absetzbar.",
        "Unabhängiger Journalismus kostet Geld, und wir haben keinen Konzern im Rücken.",
    ),
    "fr": (
        "Chère lectrice, cher lecteur, notre journal vit grâce à vous.",
        "La publicité ne suffit plus à payer notre travail.",
        "Si vous appréciez nos enquêtes, aidez-nous par un don, même modeste.",
        "Cinq euros par mois changent tout pour notre petite équipe.",
        "Nous restons en accès libre grâce à votre générosité.",
        "Je fais un don",
        "Votre don est déductible de vos impôts.",
        "Nous n'avons ni actionnaire ni mécène, seulement vous.",
    ),
    "es": (
        "Querido lector, este medio existe gracias a personas como tú.",
        "La publicidad ya no paga nuestro trabajo.",
        "Si valoras lo que lees, ayúdanos con lo que puedas.",
        "Con cinco euros al mes nos permites seguir informando.",
        "Queremos que todos puedan leernos sin pagar, y para eso te necesitamos.",
        "Haz tu donación",
        "Puedes darte de baja cuando quieras.",
        "No tenemos detrás a ningún gran grupo: dependemos de ti.",
    ),
    "zh": (
        "亲爱的读者，本站靠您的支持才能继续。",
        "广告收入早已不够支付我们的开支。",
        "如果您觉得我们的报道有价值，请考虑捐助我们。",
        "每月几元钱，就能帮助我们的编辑部走下去。",
        "我们坚持免费开放，感谢每一位支持者。",
        "立即捐助",
        "您可以随时取消。",
    ),
}

PROMOTIONS = {
    "en": (
        "Sign up for our weekly letter and never miss a story.",
        "Get the best of our reporting in your inbox every Friday.",
        "Enter your address below and we will send you our morning notes.",
        "You have read three free articles this month.",
        "Subscribe from one dollar a week and read everything we publish.",
        "Already with us? Log in here.",
        "Start your trial today. Cancel whenever you like.",
        "Download our app and stay ahead.",
        "By signing up you accept our terms and our privacy notice.",
        "Tell us what you think: write to our editors.",
        "Got a tip? Contact our newsroom in confidence.",
        "Follow us for more stories like this one.",
    ),
    "de": (
        "Melden Sie sich für unseren Newsletter an und verpassen Sie nichts mehr.",
        "Sie haben bereits ein Abo? Hier anmelden.",
        "Lesen Sie alle Artikel vier Wochen lang für einen Euro.",
        "Folgen Sie uns und diskutieren Sie mit.",
    ),
    "fr": (
        "Inscrivez-vous à notre lettre et recevez chaque matin nos meilleurs articles.",
        "Déjà abonné ? Connectez-vous.",
        "Profitez de notre offre : un euro le premier mois, sans engagement.",
        "Suivez-nous pour ne rien manquer.",
    ),
    "es": (
        "Suscríbete a nuestro boletín y recibe cada mañana lo más importante.",
        "¿Ya eres suscriptor? Inicia sesión.",
        "Lee todos nuestros artículos por un euro el primer mes.",
        "Síguenos para no perderte nada.",
    ),
    "zh": (
        "订阅我们的通讯，每天早晨收到最新报道。",
        "已有账号？请登录。",
        "扫描二维码，关注我们的公众号。",
        "下载客户端，随时阅读。",
    ),
}

LEVELS = ("Friend", "Supporter", "Patron", "Member", "Sustainer", "Backer", "Partner", "Reader")
PERIODS = ("monthly", "a month", "per month", "yearly", "a year", "once", "one time", "weekly")
PAYMENTS = ("card only", "PayPal or card", "card", "bank transfer", "cards accepted", "via PayPal", "Visa, Mastercard")
HEADS = {  # of related links and of headline lists
    "en": (
        "Related",
        "See also",
        "Related links",
        "Related stories",
        "More on this",
        "Read also",
        "You may also like",
        "Most read",
        "Most popular",
        "Top stories",
        "Latest news",
        "In other news",
        "Trending",
        "Also today",
    ),
    "de": ("Mehr zum Thema", "Lesen Sie auch", "Meistgelesen", "Neueste Nachrichten"),
    "fr": ("À lire aussi", "Sur le même sujet", "Les plus lus", "À la une"),
    "es": ("Te puede interesar", "Noticias relacionadas", "Lo más leído", "Últimas noticias"),
    "zh": ("相关新闻", "延伸阅读", "热门新闻", "最新消息"),
}
MORE = {
    "en": ("... read more", "... Read more", "… continue reading", "... full story", "Read more »"),
    "de": ("... weiterlesen", "... mehr"),
    "fr": ("... lire la suite", "... Lire la suite"),
    "es": ("... leer más", "... Leer más"),
    "zh": ("……阅读全文", "...详细"),
}
SHARES = {
    "en": (
        "Share this story",
        "Share this page with your friends",
        "Share on Facebook Twitter Reddit",
        "Email Print Share",
    ),
    "de": ("Artikel teilen", "Teilen Drucken Mailen"),
    "fr": ("Partager cet article", "Partager Imprimer Envoyer"),
    "es": ("Comparte esta noticia", "Compartir Imprimir Enviar"),
    "zh": ("分享到微信 微博", "分享到："),
}
COMMENTS = {
    "en": ("Comments", "Log in to comment on this story.", "7 comments", "Join the discussion below.", "Discussion"),
    "de": ("Kommentare (12)", "Zum Kommentieren bitte anmelden."),
    "fr": ("Connectez-vous pour commenter.", "Commentaires"),
    "es": ("Inicia sesión para comentar.", "Comentarios"),
    "zh": ("登录后发表评论", "网友评论"),
}
SOURCES = {"en": "Source: {}", "de": "Quelle: {}", "fr": "Source : {}", "es": "Fuente: {}", "zh": "来源：{}"}
SECTIONS = (
    "WORLD BRIEF", "SCIENCE DESK", "OUTER LIMITS", "MARKET WATCH", "ROBOT WORLD", "EARTH NEWS", "SOLAR POWER",
    "City Life", "Rocket Science", "Moon Talk", "Health Notes", "Energy", "POLITICS", "Culture", "TECH TALK",
)  # fmt: skip

REMARKS = {
    "en": (
        "I remember when this was all fields, and nobody complained about anything back then.",
        "Great article, thank you for writing about this. More of it please!",
        "Sorry, but I don't buy it. Who is supposed to pay for all this in the end? You and me, that's who.",
        "You clearly have not read the report. Page 12 says the opposite of what you claim.",
        "My brother works there and he says it is even worse than they let on, lol.",
        "Couldn't agree more. It was high time somebody said it out loud.",
        "Why is nobody talking about the real problem here? Follow the money, people.",
        "We drove past it last summer and I thought to myself that it would not stand for another year.",
        "@admin please delete the post above, it is spam.",
        "I was a bit sceptical at first, but after reading the whole thing I think they may have a point.",
        "Well done everyone who took part. You should be proud of yourselves.",
        "This is what happens when you let the same people run things for twenty years.",
        "Does anyone know whether this applies to us up north as well? I could not find it anywhere.",
        "Absolutely shameful. I will not be going there again, and I have told my friends the same.",
        "Nice pictures, but where is the text? It took me three clicks to get here.",
    ),
    "de": (
        "Endlich sagt es mal jemand. Danke für diesen Artikel!",
        "Und wer soll das alles bezahlen? Wir natürlich, wie immer.",
        "Ich wohne seit dreißig Jahren hier und habe so etwas noch nie erlebt.",
        "Sie haben den Text wohl nicht gelesen, dort steht genau das Gegenteil.",
        "Meine Mutter hat das schon vor Jahren kommen sehen, aber auf sie hat ja keiner gehört.",
    ),
    "fr": (
        "Merci pour cet article, c'est exactement ce que je pense depuis des années.",
        "Et qui va payer tout ça ? Toujours les mêmes, évidemment.",
        "J'habite à côté et je peux vous dire que ce n'est pas du tout comme cela que les choses se passent.",
        "Vous n'avez visiblement pas lu le rapport jusqu'au bout.",
    ),
    "es": (
        "Por fin alguien lo dice, muchas gracias por este artículo.",
        "¿Y quién va a pagar todo esto? Nosotros, como siempre.",
        "Vivo al lado y les aseguro que no es así como lo cuentan.",
        "Mi abuelo decía lo mismo hace cuarenta años y nadie le hizo caso.",
    ),
    "zh": (
        "说得太好了，支持！",
        "我家就住在附近，情况根本不是这样的。",
        "最后还不是我们老百姓买单。",
        "写得不错，希望以后多看到这样的文章。",
    ),
}
NICKNAMES = (
    "tom_87", "Gerda", "skywatcher", "Anonymous", "J. Miller", "piet", "NoName42", "Old Salt", "maria.k",
    "Lurker", "R. Weiss", "user30291", "Kiki", "Hans im Glück", "Dr. Who", "lea", "小明", "Pedro G.",
)  # fmt: skip
UNDER_REMARKS = ("Reply", "Reply Report", "Like", "2 days ago", "3 hours ago", "Share", "Antworten", "Répondre", "+5")
