"""Run a submitted notebook to its end, whatever its cells do.

nbgrader's own preprocessor gives up the whole submission when a kernel dies or ignores an interrupt, and keeps
any amount of output. `GuardedExecute` ends the kernel instead, writes into the cells what happened, and goes on.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from time import monotonic
from typing import Any

import zmq
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager
from nbclient.exceptions import CellExecutionComplete
from nbclient.util import ensure_async, run_sync
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import Execute
from traitlets import Bool, Float, Integer, Unicode

MIB = 1 << 20
TICK = 0.2  # seconds between two looks at the clock and at the kernel
LATE = 10.0  # seconds that output may arrive after the reply
LARGEST_FRAME_MIB = 16  # the largest part of a message that this process takes in


class KernelNotStarted(RuntimeError):
    """The kernel of a submission did not start."""


def stopped(message: str) -> NotebookNode:
    """The error output of a cell that was stopped or not run."""
    return new_output(
        "error", ename="Stopped", evalue=message, traceback=[f"\x1b[0;31mStopped\x1b[0m: {message}"]
    )


def weight(value: Any) -> int:
    """About the number of bytes that a message's content takes up."""
    if isinstance(value, dict):
        return sum(weight(key) + weight(item) for key, item in value.items())
    if isinstance(value, list):
        return sum(weight(item) for item in value)
    if isinstance(value, memoryview):
        return value.nbytes
    return len(value) if isinstance(value, str | bytes) else 8


def called(cell: NotebookNode, index: int) -> str:
    """A cell's place in the notebook, counted from 1, and its nbgrader name if it has one."""
    name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
    return f"cell {index + 1} ({name})" if name else f"cell {index + 1}"


class GuardedExecute(Execute):
    """nbgrader's Execute, made safe against cells that hang, flood, or end their kernel.

    - A cell over `timeout` seconds is interrupted; if it goes on for `grace_seconds`, the kernel is killed.
    - A cell over `output_mib` loses its output and is interrupted in the same way.
    - When the kernel has ended, that cell and every later code cell carry an error output "Stopped" that says why.
    - `input()` fails at once; an error in a cell does not keep later cells from running.

    Raises KernelNotStarted from `preprocess` when no kernel could be started.
    """

    kernel_folder = Unicode("", help="Folder of kernelspecs to use instead of the installed ones.").tag(
        config=True
    )
    ended_file = Unicode("", help="File in which the sandbox says why a kernel ended.").tag(config=True)
    grace_seconds = Float(5.0, help="Seconds from an interrupt to the kernel's end.").tag(config=True)
    notebook_seconds = Integer(900, help="Seconds for all cells of a notebook.").tag(config=True)
    output_mib = Integer(48, help="MiB of output of one cell.").tag(config=True)
    notebook_output_mib = Integer(192, help="MiB of output of all cells.").tag(config=True)
    startup_timeout = Integer(120, help="Seconds for a kernel to start.").tag(config=True)
    store_widget_state = Bool(False)  # widgets are not graded, and their messages are easily malformed
    record_timing = Bool(False)  # else the kernel could write into the metadata of its cells

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any], km: KernelManager | None = None
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Execute all code cells of `nb` in place. Raises KernelNotStarted."""
        self.shutdown_kernel = "immediate"  # nothing that a submission leaves behind is waited for
        self._over = ""  # why no further cell runs
        self._kept_bytes = 0  # output of the cells so far
        if self.ended_file:
            Path(self.ended_file).unlink(missing_ok=True)
        return super().preprocess(nb, resources, km)

    def create_kernel_manager(self) -> KernelManager:
        """A manager that finds the grading kernel and takes in no oversized message."""
        manager = super().create_kernel_manager()
        if self.kernel_folder:
            manager.kernel_spec_manager = KernelSpecManager(kernel_dirs=[self.kernel_folder])
        manager.context.setsockopt(zmq.MAXMSGSIZE, LARGEST_FRAME_MIB * MIB)
        return manager

    async def async_start_new_kernel_client(self) -> Any:
        """Connect to the kernel just launched."""
        try:
            client = await super().async_start_new_kernel_client()
        except Exception as error:
            reason = self._said_by_the_sandbox() or str(error)
            raise KernelNotStarted(
                f"The kernel for this submission did not start: {reason}. None of its cells ran. If this happens "
                "to every submission, the grading machine is at fault (is ipykernel installed, is memory free?)."
            ) from error
        self._begin = monotonic()
        return client

    start_new_kernel_client = run_sync(async_start_new_kernel_client)

    async def async_execute_cell(
        self,
        cell: NotebookNode,
        cell_index: int,
        execution_count: int | None = None,
        store_history: bool = True,
    ) -> NotebookNode:
        """Run one cell; whatever it does becomes outputs of the cell."""
        if cell.cell_type != "code" or not cell.source.strip():
            return cell
        cell.metadata.pop("tags", None)  # a tag must not make a cell be skipped
        cell.outputs, cell.execution_count = [], None
        self.clear_before_next_output = False
        if self._over:
            cell.outputs = [stopped(f"not run: {self._over}")]
            return cell
        left = self._begin + self.notebook_seconds - monotonic()
        if left <= 0:
            await self._end(
                f"the notebook had used its {self.notebook_seconds} seconds before cell {cell_index + 1}"
            )
            cell.outputs = [stopped(f"not run: {self._over}")]
            return cell
        problem, fatal = await self._run(cell, cell_index, left)
        self._kept_bytes += 0 if self._too_much() else self._bytes
        if fatal:
            problem += "; the cells after it did not run"
            await self._end(f"the kernel had ended in {called(cell, cell_index)}")
        if problem:
            cell.outputs.append(stopped(problem))
        return cell

    execute_cell = run_sync(async_execute_cell)

    async def _run(self, cell: NotebookNode, index: int, left: float) -> tuple[str, bool]:
        """Send a cell to the kernel and collect its outputs. Returns what `_watch` returns."""
        self._bytes = 0
        message_id = self.kc.execute(cell.source, stop_on_error=False)
        outputs = asyncio.ensure_future(self._async_poll_output_msg(message_id, cell, index))
        reply = asyncio.ensure_future(self._reply(message_id))
        try:
            problem, fatal = await self._watch(outputs, reply, left)
            if reply.done():
                cell.execution_count = reply.result()["content"].get("execution_count")
                self.on_cell_executed(cell=cell, cell_index=index, execute_reply=reply.result())
            return problem, fatal
        except (
            Exception
        ) as error:  # a message that is no message; only a kernel that was tampered with sends such
            self.log.warning("Cell %d: unreadable message", index + 1, exc_info=True)
            return f"the kernel sent something unreadable ({type(error).__name__}), so it was ended", True
        finally:
            outputs.cancel()
            reply.cancel()
            await asyncio.gather(outputs, reply, return_exceptions=True)

    async def _watch(self, outputs: asyncio.Future, reply: asyncio.Future, left: float) -> tuple[str, bool]:
        """Wait for a cell's reply and the end of its outputs; interrupt it, then give it up, when it exceeds a limit.

        Returns what went wrong ("" if nothing), and whether the kernel is to end, or has ended, because of it.
        """
        seconds = min(float(self.timeout or left), left)
        deadline, replied, problem = monotonic() + seconds, None, ""
        while True:
            await asyncio.wait((outputs, reply), timeout=TICK, return_when=asyncio.FIRST_EXCEPTION)
            now = monotonic()
            for task in (outputs, reply):
                if task.done():
                    task.result()  # raises what the task raised
            if reply.done() and self._leaves(reply.result()):
                return "this cell ended the kernel, as exit() and quit() do", True
            if outputs.done() and reply.done():
                return (problem or self._too_much()), False
            if not await ensure_async(self.kc.is_alive()):
                return (
                    f"the kernel ended while this cell ran ({self._said_by_the_sandbox() or 'it crashed'})",
                    True,
                )
            replied = replied or (now if reply.done() else None)
            if replied and now > replied + LATE:
                return "this cell wrote so many messages that some were lost", False
            if not problem:
                problem = (
                    self._too_much()
                    or (now > deadline and f"this cell ran for more than {seconds:.0f} seconds")
                    or ""
                )
                if problem:
                    deadline = now + self.grace_seconds
                    await ensure_async(self.km.interrupt_kernel())
            elif now > deadline and not reply.done():
                return f"{problem} and did not stop when interrupted, so the kernel was ended", True

    async def _reply(self, message_id: str) -> dict[str, Any]:
        """The kernel's reply to a message; replies to others are dropped."""
        while True:
            message = await ensure_async(self.kc.shell_channel.get_msg(timeout=None))
            if message["parent_header"].get("msg_id") == message_id:
                return message

    def process_message(
        self, msg: dict[str, Any], cell: NotebookNode, cell_index: int
    ) -> NotebookNode | None:
        """Take in one message of the running cell, if the cell's outputs are still within the limits."""
        if msg["msg_type"] == "status":
            return super().process_message(msg, cell, cell_index)
        self._bytes += weight(msg["content"]) + weight(msg.get("buffers", []))
        if self._too_much():
            cell.outputs = []
            return None
        if msg["msg_type"].startswith("comm"):
            return None
        try:
            return super().process_message(msg, cell, cell_index)
        except CellExecutionComplete:
            raise
        except Exception as error:  # an update of an output that was cleared, or a field of the wrong type
            self.log.warning("A message of cell %d was dropped: %r", cell_index + 1, error)
            return None

    def _too_much(self) -> str:
        """Which limit of output the running cell has exceeded, in words; "" if none."""
        if self._bytes > self.output_mib * MIB:
            return f"this cell printed more than {self.output_mib} MiB, so its output was dropped"
        if self._kept_bytes + self._bytes > self.notebook_output_mib * MIB:
            return f"the notebook printed more than {self.notebook_output_mib} MiB, so this cell's output was dropped"
        return ""

    @staticmethod
    def _leaves(reply: dict[str, Any]) -> bool:
        """Whether the kernel says in its reply that it is about to exit."""
        return any(
            item.get("source") == "ask_exit" and not item.get("keepkernel")
            for item in reply["content"].get("payload", [])
        )

    def _said_by_the_sandbox(self) -> str:
        """Why the kernel ended, in the sandbox's words; "" without a sandbox."""
        path = Path(self.ended_file)
        return path.read_text() if self.ended_file and path.exists() else ""

    async def _end(self, why: str) -> None:
        """End the kernel, with all its processes; `why` goes into the cells that follow."""
        self._over = why
        await ensure_async(self.km.shutdown_kernel(now=True))
