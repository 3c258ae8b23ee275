// The code of function.json apps takes it from here.
export { messageOf } from "../../core/errors";

import type { LogLevel } from "../../core/log";

export type HostLog = (level: LogLevel, message: string) => void;
