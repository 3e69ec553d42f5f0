"""Forms of English verbs that tell where a clause points, and the words that look like them.

Source: Huddleston and Pullum, The Cambridge Grammar of the English Language (2002), chapter 3 and its lists of
irregular verbs.
"""

from __future__ import annotations

from typing import Final

from pipeline.enrich.dates.grammar import words

BASE: Final = words(
    """
    meet vote begin start hold take make visit go be have open close announce discuss decide return leave
    arrive speak present release report play face appear travel sign launch hear consider continue resume end
    file pay give receive publish deliver issue join attend address review complete testify run host fly move
    sell buy name elect choose stage act expire come get send become lift introduce reopen debate unveil
    submit bring cut raise rule conduct walk strike protest rally withdraw deploy inaugurate host compete
    perform celebrate mark commemorate honor honour travel tour depart ship stop halt suspend step retire
    resign quit seek try ask answer respond rule sentence appeal hand pass approve reject ratify sign swear
    install replace repay refinance list trade float spin merge acquire convene gather assemble negotiate
    mediate brief testify question interview broadcast air screen unload erect demonstrate evacuate rebuild
    restart renew extend expand reduce lower increase hike change switch close shut reveal roll test fire lead
    follow land dock orbit blast take-off lift vote elect nominate run
    """
)
IRREGULAR_PAST: Final = words(
    """
    said told became began broke brought built bought came caught chose cost dealt did drew drove fell felt
    fought found flew forgot froze gave went got grew heard held hit hurt kept knew led left lent let lost
    made meant met paid put ran rose sank saw sold sent set shook shot shut sat slept slid spoke spent stood
    stole struck sued swept swore thought threw took taught tore understood won withdrew wrote wore woke rang
    sang swam sprang died read quit spread split burst bet beat bid hung overtook overthrew undertook rebuilt
    underwent
    """
)
IRREGULAR_PARTICIPLE: Final = words(
    """
    begun broken chosen done drawn driven fallen flown forgotten frozen given gone grown known seen shaken
    spoken stolen sworn taken thrown torn withdrawn written worn born beaten bitten hidden risen shown
    undergone
    """
)
# verbs whose infinitive lies ahead of them; after others in the past tense it has happened ("managed to escape")
COMMISSIVE: Final = words(
    """
    agreed voted vowed promised threatened pledged decided planned expected scheduled invited hoped wanted
    ordered urged asked set due called intended sought prepared offered proposed resolved elected arranged
    chose slated destined meant advised told allowed required authorised authorized sentenced supposed
    committed determined
    """
)
# what follows "to" where that is a preposition
NOT_BASE: Final = words(
    """
    the a an this that these those his her its their my our your him them me us you it one two three four five
    six seven eight nine ten work school court jail prison death life power market date church bed police war
    town hospital college congress parliament office home sea earth space victory children women men someone
    everyone everything anyone what how which whom where when about up down more less nearly almost around at
    between just both each every all many most such people reporters public peace justice health land ground
    music food water normal full good bad new old high low zero part some any other another only over under
    well within and or in on as for from of by with
    """
)
NOT_PAST: Final = words(
    """
    need indeed hundred speed seed feed bed red exceed proceed succeed breed deed fed united embed shed sacred
    hatred naked wicked rugged kindred infrared sped unprecedented so-called based aged alleged limited
    related
    """
)
