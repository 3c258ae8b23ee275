import path from "node:path";
import { isFunctionCategory, type LogLevel, logLevels } from "../../core/log";
import { readHostJsonObject } from "../host/hostJson";

/** `no` for a message that host.json leaves out, `asked` for one that it asks for, and else `default`. */
export type Verdict = "no" | "default" | "asked";

export type LogFilter = (category: string, level: LogLevel) => Verdict;

interface Rule {
    /** Beginning of the categories that the rule is for. Empty for all. */
    category: string;
    /** Their end. Empty for any. */
    end?: string;
    /** Least level that passes. Infinite for none. */
    least: number;
}

/** Category of what the host itself says. */
export const hostCategory = "Host.General";
const levelNames = ["trace", "debug", "information", "warning", "error", "critical", "none"];
const allowed = "Trace, Debug, Information, Warning, Error, Critical, None";
const section = "azurefunctionsjobhost:logging:loglevel:";

/**
 * Decides as the host does: the rule with the longest category that begins the message's own, and the last one of several. Without
 * a rule, functions and the console pass from Information on, and nothing decides about the host's own messages.
 * Sources: LoggerRuleSelector.cs, ColoredConsoleLogger.cs and Utilities.cs of Azure/azure-functions-core-tools, and
 * ScriptLoggingBuilderExtensions.cs of Azure/azure-functions-host.
 */
export function createLogFilter(rules: readonly Rule[]): LogFilter {
    return (category, level) => {
        const rank = logLevels.indexOf(level);
        const lower = category.toLowerCase();
        let best: Rule | undefined;
        for (const rule of rules) {
            const fits = lower.startsWith(rule.category) && lower.endsWith(rule.end ?? "");
            if (fits && (best === undefined || lengthOf(rule) >= lengthOf(best))) {
                best = rule;
            }
        }
        if (best !== undefined) {
            return rank >= best.least ? "asked" : "no";
        }
        return isFunctionCategory(category) && rank < logLevels.indexOf("info") ? "no" : "default";
    };
}

/** Length of a rule's category, with its wildcard. */
const lengthOf = ({ category, end }: Rule) => category.length + (end === undefined ? 0 : end.length + 1);

/** A category of host.json. Source: LoggerRuleSelector.cs of dotnet/runtime, which knows one `*` in it. */
function readCategory({ place, category }: { place: string; category: string }): Omit<Rule, "least"> {
    const [start = "", end, ...more] = category.split("*");
    if (more.length > 0) {
        throw new Error(`${place}: Only one wildcard character is allowed in category name.`);
    }
    return category === "default" ? { category: "" } : { category: start, ...(end !== undefined && { end }) };
}

/**
 * The log levels of an app: those of host.json, and over them the app settings `AzureFunctionsJobHost__logging__logLevel__<category>`.
 * Throws for a level that the host does not know, because the host then does not start.
 */
export function readLogFilter(app: { codeFolder: string; environment: Readonly<Record<string, string>> }): LogFilter {
    const levels = new Map<string, { place: string; value: unknown }>();
    for (const [name, value] of Object.entries(levelsOf(app.codeFolder))) {
        levels.set(name.toLowerCase(), { place: `host.json: logging.logLevel.${name}`, value });
    }
    for (const [name, value] of Object.entries(app.environment)) {
        const key = name.replaceAll("__", ":").toLowerCase();
        if (key.startsWith(section)) {
            levels.set(key.slice(section.length), { place: `app setting ${name}`, value });
        }
    }
    const rules = [...levels].flatMap(([category, given]): Rule[] => {
        const least = levelOf(given);
        return least === undefined ? [] : [{ ...readCategory({ ...given, category }), least }];
    });
    return createLogFilter(rules);
}

function levelsOf(codeFolder: string): Record<string, unknown> {
    const json = readOrNothing(path.join(codeFolder, "host.json"));
    const logging = memberOf(json, "logging");
    const levels = memberOf(logging, "loglevel");
    return typeof levels === "object" && levels !== null && !Array.isArray(levels)
        ? (levels as Record<string, unknown>)
        : {};
}

/** The host process reports what is wrong with the file. */
function readOrNothing(file: string): unknown {
    try {
        return readHostJsonObject(file);
    } catch {
        return {};
    }
}

/** A member by its name in lower case: configuration ignores the case of names. */
function memberOf(value: unknown, name: string): unknown {
    return typeof value === "object" && value !== null
        ? Object.entries(value).find(([key]) => key.toLowerCase() === name)?.[1]
        : undefined;
}

function levelOf({ place, value }: { place: string; value: unknown }): number | undefined {
    // An object or a list is a section of its own, whose values are levels of categories that nothing has.
    const text = typeof value === "object" ? "" : String(value ?? "").trim();
    if (text === "") {
        return undefined;
    }
    // Any number is a level: .NET's Enum.TryParse takes those that have no name.
    const isNumber = /^[+-]?\d{1,9}$/.test(text);
    const index = isNumber ? Number(text) : levelNames.indexOf(text.toLowerCase());
    if (index < 0 && !isNumber) {
        throw new Error(`${place} is '${text}'. Allowed: ${allowed}.`);
    }
    return index >= levelNames.indexOf("none") ? Number.POSITIVE_INFINITY : index;
}

/** The level of a line on standard error, which the host guesses from its words. Source: WorkerProcess.cs of Azure/azure-functions-host. */
export function levelOfErrorLine(line: string): LogLevel {
    if (/warn/i.test(line)) {
        return "warning";
    }
    return /error|fail|severe|unhandled exception/i.test(line) ? "error" : "info";
}
