"""Machine code in this process: what the processor is, and an object file made callable.

Only LLVM's binding is needed here (0.05 s to import), not Numba: a kernel from the disk runs without it.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import sys
import threading
from functools import cache
from typing import Any

import llvmlite
import llvmlite.binding as llvm

from landscape.ensemble.store import Machine

# The vectorized sin, cos, exp, log and pow of glibc, by the number of lanes: LLVM writes the same loops, but
# would call the scalar functions once for each lane. Their error is below 4 units in the last place.
_VECTOR_MATH = {2: "_ZGVbN2", 4: "_ZGVdN4", 8: "_ZGVeN8"}
_ARGUMENTS = {"sin": "v", "cos": "v", "exp": "v", "log": "v", "pow": "vv"}

_lock = threading.Lock()
_engines: list[Any] = []


@cache
def processor() -> tuple[str, str, str]:
    """Return platform, processor and its features: machine code is good for one combination only."""
    features = llvm.get_host_cpu_features().flatten() if sys.platform != "win32" else ""
    return llvm.get_process_triple(), llvm.get_host_cpu_name(), features


def target_machine(wide: bool = False) -> Any:
    """Return LLVM's code generator for this processor.

    With ``wide`` it takes vectors of 512 bits, where there are any, on processors for which LLVM prefers 256.
    """
    with _lock:
        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
    triple, cpu, features = processor()
    if wide:
        features += ",-prefer-256-bit"
    return llvm.Target.from_triple(triple).create_target_machine(
        cpu=cpu, features=features, opt=3, reloc="default", codemodel="jitdefault", jit=True
    )


@cache
def vector_math() -> dict[str, str]:
    """Return for each vector intrinsic of LLVM the function of glibc that does its work; empty without glibc."""
    if not (sys.platform.startswith("linux") and processor()[0].startswith("x86_64")):
        return {}
    try:
        library = ctypes.CDLL("libmvec.so.1")
    except OSError:
        return {}
    table = {}
    for lanes, prefix in _VECTOR_MATH.items():
        for name, arguments in _ARGUMENTS.items():
            symbol = f"{prefix}{arguments}_{name}"
            function = getattr(library, symbol, None)
            if function is not None:
                llvm.add_symbol(symbol, ctypes.cast(function, ctypes.c_void_p).value)
                table[f"llvm.{name}.v{lanes}f64"] = symbol
    return table


def is_available(name: str) -> bool:
    """Tell whether this process has a function of this name for machine code to call."""
    vector_math()
    return bool(llvm.address_of_symbol(name))


def load(machine: Machine) -> int:
    """Make the function callable and return its address; it stays for the life of the process.

    Raises ``LookupError`` where it calls a function that this process does not have.
    """
    for name in machine.externals:
        if not is_available(name):
            raise LookupError(f"this process has no function {name!r}")
    backing = llvm.parse_assembly("")
    backing.triple = processor()[0]
    tuner = target_machine()
    with _lock:
        engine = llvm.create_mcjit_compiler(backing, tuner)
        engine.add_object_file(llvm.ObjectFileRef.from_data(machine.code))
        engine.finalize_object()
        address = engine.get_function_address(machine.symbol)
        _engines.append(engine)
    return address


def versions() -> str:
    """Return what machine code depends on beside its source: LLVM, Python and the processor."""
    return repr((llvmlite.__version__, llvm.llvm_version_info, sys.version_info[:2], processor(), bool(vector_math())))
