"""Stories of our own making that line classifiers stumble over: verse, lists, tickers, quotations, appeals."""

from __future__ import annotations

from tests.classify.pages import DATE, HEAD, STORY, TAIL, TITLE, Row, page

NEWSLETTERS = (
    "More people on the islands read their news in letters that reach them by e-mail than on paper, a survey found.",
    "Of two thousand readers who were asked in autumn, six in ten had signed up for at least one newsletter, and most "
    "of them open it before breakfast.",
    "Free letters do better than paid ones. Whoever has to enter a card to subscribe will think twice, said the author "
    "of the survey, and those who do subscribe seldom read everything they pay for.",
    "The county library, which began its letter four years ago with thirty addresses, now writes to nine thousand "
    "people every Friday. Unsubscribing takes one click, and hardly anybody does.",
    "The survey will be repeated next year, when the last printed weekly of the islands is to close.",
)
TOUR = (
    "The quartet that calls itself the Low Tide Band goes on tour again in May, for the first time in seven years.",
    "Its four members, who all work at the shipyard, will travel by rowing boat wherever the wind allows it, their "
    "singer said on Tuesday. The instruments go ahead by van.",
    "The dates of the tour:",
    "4 May - Bell Tower, Northhaven",
    "6 May - Old Ropewalk, Skerry",
    "9 May - Seamen's Hall, Port Annick",
    "13 May - Fish Market, Westering",
    "Tickets cost twelve crowns and are sold at the door, because the band does not trust computers, as its drummer "
    "put it.",
    "A record with the songs of the tour is to come out in autumn. It was made in a single night in an empty tank.",
)
POEM = (
    "The poem that won this year's prize of the island schools was written by an eleven-year-old on the back of a "
    "ferry ticket, the jury said when it announced its decision on Sunday.",
    'It is called "What the Pier Knows" and has nine lines, of which the jury printed five:',
    "The pier knows every boat by her knock,",
    "the gulls by their gossip,",
    "the tide by its cold hands,",
    "and me by the heel I drag",
    "when it is time to go home.",
    "The jury praised the poem for its ear and for the courage to end with a foot. The prize is a bicycle, which the "
    "winner says she will lend to her brother on Thursdays.",
    "All forty poems can be read on the windows of the bakery until the end of the month.",
)
QUOTATION = (
    "In a letter that was found last week behind the panelling of the town hall, the builder of the lighthouse "
    "complains about the council in words that sound familiar today.",
    "The letter is dated 1871 and addressed to his brother. In its central passage he writes:",
    '"They have asked me for the third time to make the tower lower, and for the fourth time to make it cheaper. I '
    'have told them that a light which nobody can see costs nothing at all, and that they may have that one at once."',
    '"On Saturday they will vote. I have ordered the stone."',
    "The vote, as the minutes of that year show, was won by a single voice. Whose it was has never been found out.",
    "The letter will be shown in the museum from June, next to the minutes and a piece of the stone.",
)
TICKER = (
    "The storm that has been crossing the islands since the night has torn boats from their moorings and cut off "
    "two villages. We report the latest here.",
    "11:40 am - The ferry company has cancelled all sailings until tomorrow noon. Travellers who are stranded in "
    "Port Annick can sleep in the gym of the school, the mayor says.",
    "10:15 am - The road to Skerry is flooded in three places. The fire brigade asks everybody to leave their cars "
    "at home.",
    "9:30 am - Power is back in the northern half of Westering. The southern half will have to wait until the wind "
    "drops below fifty knots, because nobody may climb the masts before that.",
    "8:05 am - A trawler with five people on board has reached the harbour after eleven hours at sea. All of them "
    "are well, and one of them has asked for cake.",
)
SHORT = ("The swimming pool of the island is closed until Friday because a seal has moved in and declines to leave.",)
PLEA = (
    "Before you read on: this page is made by four people who believe that news should cost its readers nothing. It "
    "does cost us something, though, and so we turn to you today. If every reader of this page gave us as little as a "
    "cup of coffee a month, we could pay a fifth colleague and look more closely at what the council does.",
)
DATELINE = "Port Annick (NTB) Mar 3, 2023"
REMARK = (
    "seadog44",
    "About time too! I remember the light from when I was a boy and I always thought it was a shame that they let it "
    "go.",
)
GERMAN = (
    "Der Rat der Insel hat am Montag beschlossen, den alten Leuchtturm zu erneuern, der lange dunkel war.",
    "Die Arbeiten sollen im Mai beginnen, sagte die Hafenmeisterin, die sich seit ihrem Amtsantritt dafür eingesetzt "
    "hatte. Die Lampe kommt aufs Festland, wo Uhrmacher ihre Linsen reinigen.",
    "Nicht alle sind zufrieden. Zwei Mitglieder des Rates stimmten dagegen und wollten das Geld lieber für den "
    "Fähranleger ausgeben, den der Herbststurm beschädigt hat.",
    "Hält das Wetter, so wird das Licht am ersten Oktober wieder angezündet.",
)


def _around(rows: list[Row]) -> list[Row]:
    furniture = [(text, False) for text in (*HEAD, TITLE, DATELINE)]
    return [*furniture, *rows, *((text, False) for text in TAIL)]


MORE_CASES: dict[str, list[Row]] = {
    "a story about newsletters": page(NEWSLETTERS, title="Islanders read their news in newsletters"),
    "tour dates inside the story": page(TOUR, title="Low Tide Band goes on tour by rowing boat"),
    "a poem inside the story": page(POEM, title="Poem on a ferry ticket wins school prize"),
    "quotations inside the story": page(QUOTATION, title="Letter of the lighthouse builder found"),
    "a live blog": page(TICKER, title="Storm over the islands: the latest", date=DATE),
    "a story of one sentence": page(SHORT, title="Seal closes swimming pool"),
    "a plea in prose below the dateline": _around([(PLEA[0], False), *((text, True) for text in STORY)]),
    "a remark in prose right below the story": page(tail=REMARK),
    "a story in German": page(
        GERMAN, title="Alter Leuchtturm soll wieder leuchten", byline="Von Anna Beispiel", date="3. März 2023"
    ),
}
