"""Small closed word classes in many languages, as tables over word hashes.

Stop words tell prose from labels in any language that has them; persons of address tell an appeal from a report.
The lists are the project's own choice of the commonest function words.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.dates import MONTHS
from pipeline.glyphs import BUCKET_BITS, hash_words

_STOP = """
a about after all also an and any are as at be because been before being between both but by can could did do does
during each for from had has have he her him his how i if in into is it its just more most no not of on only or other
our out over own said she should so some such than that the their them then there these they this those through to
under until up very was we were what when where which while who why will with would you your
aber alle als also am an auch auf aus bei bin bis das dass dem den der des die doch du ein eine einem einen einer eines
er es für haben hat hatte ich ihm ihr im in ist ja kann mehr mit nach nicht noch nur oder sein seine sich sie sind so
über um und uns unter vom von vor war waren was weil wenn wer wie wird wir wurde zu zum zur
à au aux avec ce ces cette comme dans de des deux du elle elles en est et était eux il ils je la le les leur lui mais
me même moi mon ne nos nous on ont ou où par pas plus pour qu que qui sa sans se ses son sont sur ta te tout tu un une
vous y été être avait
al algo como con contra cuando de del desde donde el ella ellos en entre era es esa ese esta este esto estos fue ha
había han hasta hay la las le les lo los más me mi muy no nos o otra para pero por porque que quien se según ser si sin
sobre son su sus también tiene todo tras un una uno y ya
ao aos com da das do dos e ela ele em foi isso mais mas na nas no nos não o os ou para pela pelo por que se sem ser seu
sua são também um uma às é
che di della delle dei del gli il lo una per con non si da anche come sono più alla nel nella questo ha
de het een van en dat die niet met voor op te zijn er aan ook door naar maar om bij uit nog wordt werd hij deze
och att det som en är på för av med den till inte om ett har jag de var från men
i og er til af ikke har vi kan fra å på ble
w i z na do nie się jest że to jak za od po dla przez przy oraz ale tym
и в не на что он с как это по но из у за от так же для она был его к о
"""
_WE = (
    "we our us ours wir uns unser unsere unserer unseren nous notre nos nosotros nuestro nuestra nuestros noi nostro "
    "ons onze vi vår"
)
_YOU = (
    "you your yours yourself dich dein deine euch euer ihnen ihr ihre vous votre vos tu ton usted ustedes tú tus tuyo "
    "voi vostro você seu je jouw uw din ditt"
)
_I = "i my me mine myself ich mein meine mir mich je moi mon ma mes yo mi mis eu meu io mio ik mijn"
_WEB = "http https www com org net html php de co uk"
_CJK_STOP = (
    "的了在是和有不这這为為与與也就都而及或被将將把对對从從到说說他她我们們其之于於以着著中上下个個のはがをにでとも"
)
_CJK_YOU = "你您"

SIZE = 1 << BUCKET_BITS


def word_table(*texts: str) -> NDArray[np.bool_]:
    """The buckets of the words of some texts, as a table of all buckets."""
    table = np.zeros(SIZE, dtype=bool)
    for text in texts:
        table[hash_words(" ".join(text.split())) & np.uint32(SIZE - 1)] = True
    return table


def _characters(characters: str) -> NDArray[np.bool_]:
    table = np.zeros(0x10000, dtype=bool)
    table[[ord(character) for character in characters]] = True
    return table


STOP, WE, YOU, SELF, WEB, MONTH = (1 << bit for bit in range(6))
_WORDS = {STOP: _STOP, WE: _WE, YOU: _YOU, SELF: _I, WEB: _WEB, MONTH: " ".join(MONTHS)}
_BITS = np.bitwise_or.reduce([kind * word_table(words).astype(np.uint8) for kind, words in _WORDS.items()])
_COMBINATIONS = np.unique(_BITS)
KINDS = np.searchsorted(_COMBINATIONS, _BITS).astype(np.uint8)
"""The kinds of the words of each bucket, as the number of their combination; 0 for a word of none."""
OF_KINDS = (_COMBINATIONS >> np.arange(len(_WORDS), dtype=np.uint8)[:, None] & 1).astype(np.float32)
"""Whether a word of each combination of kinds is of each kind, in the order of the bits."""
CJK_STOP = _characters(_CJK_STOP)
CJK_YOU = _characters(_CJK_YOU)
