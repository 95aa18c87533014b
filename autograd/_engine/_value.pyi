# The accelerator, used only through `autograd.value.accelerator`.
from typing import Any

def __getattr__(name: str) -> Any: ...
