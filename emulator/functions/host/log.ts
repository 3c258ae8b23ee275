// The code of function.json apps takes it from here.
export { messageOf } from "../../core/errors";
export { startupCategory } from "../../core/log";

import type { LogLevel } from "../../core/log";

/** Takes a message of the host or, with a category of a function, of the app. */
export type HostLog = (level: LogLevel, message: string, category?: string) => void;

/** Category of what the host says about a function's calls. */
export const functionCategory = (name: string): string => `Function.${name}`;
/** Category of what a function itself says. */
export const userCategory = (name: string): string => `${functionCategory(name)}.User`;
/** Category of what the worker of a language says. Source: GrpcWorkerChannelFactory.cs of Azure/azure-functions-host. */
export const workerCategory = "Worker.LanguageWorkerChannel.node";
