"""What a capture is to be read with, beside it."""

FILES = {"intel.txt": "--intel", "hinomi.yaml": "--config"}


def beside(folder):
    """Arguments of `hinomi read`, which runs in that folder: so hinomi.yaml may name files there."""
    return [word for name, option in FILES.items() if (folder / name).exists()
            for word in (option, name)]
