"""The table of families: each a function that plays one short campaign on a scene."""

FAMILIES = {}


def family(name):
    def keep(play):
        FAMILIES[name] = play
        return play
    return keep
