"""UNets from outside the checkpoint (TensorRT and the like): the sandbox has none."""

current_unet = None
unet_options: list = []
