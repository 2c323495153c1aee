"""What a log may say: that something happened and where in the code, never with which values."""

import logging
from types import TracebackType


class Opaque(logging.Filter):
    """Takes the query string out of addresses and the message out of exceptions: both may quote a person."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(self.opaque(value) for value in record.args)
        if record.exc_info and record.exc_info[0] is not None:
            record.exc_text = self.trace(record.exc_info[0], record.exc_info[2])
            record.exc_info = None
        return True

    @staticmethod
    def opaque(value: object) -> object:
        """An address without what follows its question mark; an exception by its class."""
        if isinstance(value, BaseException):
            return type(value).__name__
        return value.split("?")[0] if isinstance(value, str) else value

    @staticmethod
    def trace(kind: type[BaseException], frames: TracebackType | None) -> str:
        """Files and lines, the class of the exception, no message and no value."""
        places = []
        while frames is not None:
            code = frames.tb_frame.f_code
            places.append(f"  {code.co_filename}:{frames.tb_lineno} {code.co_name}")
            frames = frames.tb_next
        return "\n".join([kind.__name__, *places])
