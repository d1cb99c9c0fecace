"""`python -m app.job`: asks the model one question and exits: 0 when it was answered, 1 when not. It has no port."""

import asyncio
import signal
import sys

from app import logs
from app.llm import Prompt, model
from app.settings import settings


async def run() -> None:
    if settings.fail_start:
        raise RuntimeError("FAIL_START is set")
    logs.info("job started", message=settings.job_message)
    await asyncio.sleep(settings.item_duration)
    async with asyncio.timeout(settings.llm_timeout):
        reply = await model.complete(Prompt(settings.job_message))
    logs.info("job complete", reply=reply.text, model=reply.model)


async def main() -> int:
    work = asyncio.create_task(run())
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, work.cancel)
    try:
        await work
    except asyncio.CancelledError:
        logs.error("job failed", error="interrupted")  # the work is undone: the platform may run the job again
        return 1
    except Exception as cause:
        logs.error("job failed", error=str(cause) or type(cause).__name__)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
