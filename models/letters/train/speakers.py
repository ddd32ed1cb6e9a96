"""Who speaks: voices of espeak-ng, set apart into those that train and those that are only tested on."""

import itertools

# The accents and the throats of the three sets have nothing in common.
TRAIN_ACCENTS = ["en-us", "en-gb", "en-gb-x-rp", "en-gb-x-gbclan", "en-029"]
TRAIN_THROATS = """
m1 m2 m3 m4 m5 m6 m8 f1 f2 f3 f5 adam anika announcer antonio aunty belinda benjamin boris caleb david ed grandma
grandpa iven iven3 john linda marcelo max miguel norbert paul pedro quincy rob robert sandro shelby travis victor
zac klatt klatt2 klatt3 klatt5 Andrea Annie Denis Hugo Jacky Lee Marco Mario Mike Nguyen
""".split()
# Looked at while the network and its training were worked on.
HELD_OUT_ACCENTS = ["en-gb-scotland", "en-gb-x-gbcwmd"]
HELD_OUT_THROATS = ["m7", "f4", "edward", "steph", "klatt4", "Alicia"]
# Measured once, when the weights were done, and looked at by nobody before.
UNSEEN_ACCENTS = ["en-us-nyc"]
UNSEEN_THROATS = ["Alex", "Diogo", "Gene", "Henrique", "gustave", "kaukovalta", "michel", "pablo", "croak", "whisperf"]

# Of the test sets: pitch as espeak-ng counts it (0 to 99, 50 is usual), and words a minute.
PITCHES = [35, 50, 65, 85]
SPEEDS = [95, 130, 165]


def held_out_speakers() -> list[dict]:
    return _spread(HELD_OUT_ACCENTS, HELD_OUT_THROATS)


def unseen_speakers() -> list[dict]:
    return _spread(UNSEEN_ACCENTS, UNSEEN_THROATS)


def _spread(accents: list[str], throats: list[str]) -> list[dict]:
    """Every accent with every throat, each at one pitch and speed, which go round."""
    ways = itertools.cycle(itertools.product(PITCHES, SPEEDS))
    return [
        {"voice": f"{accent}+{throat}", "pitch": pitch, "speed": speed}
        for (accent, throat), (pitch, speed) in zip(itertools.product(accents, throats), ways)
    ]
