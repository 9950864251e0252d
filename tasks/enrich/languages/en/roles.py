"""The words of English by which roles are cut out of their sentences."""

import re

from newsmill.tasks.enrich.languages.language import words
from newsmill.tasks.enrich.languages.parsed import RoleShapes

_IDLE = words("the a an this that former then current longtime veteran outgoing new incoming his her its their")

ROLE_SHAPES = RoleShapes(
    apposed=re.compile(
        r",\s+(?:(?:the|a|an|his|her|its|their)\s+)?([^,.;:\n()]{3,80}?)(?=[,.;:]|\s+(?:who|and)\b|$)", re.MULTILINE
    ),
    idle=_IDLE,
    opening=(_IDLE - {"former", "then", "outgoing", "incoming", "current"})
    | words(
        "of on in at after before during since under unlike despite even also only while yet so though although like "
        "both here today meanwhile however still later earlier once because if was is are were has had"
    ),
    outside=words("and or with by from that when as to for but said says told than"),
    within=words(
        """
    foreign prime vice deputy defence defense interior finance press national security general state house senate chief
    assistant associate senior junior executive managing campaign party opposition democratic republican presidential
    retired acting top special trade economic health justice education energy minority majority former late right-wing
    of communications policy supreme federal district police army military navy central bank city county
        """
    ),
)
