import { printable } from "../../emulator/core/printable";
import type { FunctionApp } from "../../emulator/functions";
import { paint } from "./paint";

/** The functions of the apps with their addresses, as `func start` lists them, and where their log is. */
export function functionLines(apps: readonly FunctionApp[]): string[] {
    return apps.flatMap((app) => {
        const addresses = app.addresses();
        if (addresses.length === 0) {
            return [];
        }
        const title = apps.length === 1 ? "Functions" : `Functions of ${printable(app.name)}`;
        const lines = addresses.map(({ name, trigger, path, methods = [], authLevel, disabled }) => {
            const shown = `    ${paint.yellow(printable(name))}: `;
            const off = disabled ? paint.dim(" (disabled)") : "";
            if (path === undefined) {
                return `${shown}${printable(trigger)}${off}`;
            }
            const verbs = methods.length === 0 ? "" : `[${methods.map(printable).join(",")}] `;
            const key = authLevel === "anonymous" ? "" : paint.dim(` (asks for a key: azure-realtime keys)`);
            return `${shown}${verbs}${paint.green(printable(`http://${app.hostName}${path}`))}${key}${off}`;
        });
        return ["", `${title}:`, ...lines, paint.dim(`    Log: ${printable(app.logFile)}`)];
    });
}

/** Whether a function of the apps answers a GET of this page. */
export function pageAnswers(apps: readonly FunctionApp[], page: string): boolean {
    if (!URL.canParse(page)) {
        return false;
    }
    const { host, pathname } = new URL(page);
    return apps.some(
        (app) =>
            app.hostName === host &&
            app
                .addresses()
                .some(
                    ({ path, methods, disabled }) =>
                        path?.toLowerCase() === pathname.toLowerCase() &&
                        !disabled &&
                        (methods === undefined || methods.includes("GET")),
                ),
    );
}
