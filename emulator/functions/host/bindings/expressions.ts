import { randomUUID } from "node:crypto";
import { resolveSettings, type Settings } from "../settings";
import type { BindingInfo } from "../worker/types";

/** Values for binding expressions: the trigger's metadata and the fields of its JSON. Names ignore case. */
export type BindingData = Record<string, unknown>;

export interface ExpressionContext {
    data: BindingData;
    settings: Settings;
    now: () => Date;
}

/** Returns a copy of the binding in which the settings and expressions of every text are resolved. */
export function resolveBinding({
    binding,
    context,
}: {
    binding: BindingInfo;
    context: ExpressionContext;
}): BindingInfo {
    const resolved: BindingInfo = { ...binding };
    for (const [key, value] of Object.entries(binding)) {
        if (typeof value === "string" && !unresolvedProperties.has(key)) {
            resolved[key] = resolveExpressions({ text: value, context });
        }
    }
    return resolved;
}

const unresolvedProperties = new Set(["name", "type", "direction"]);

/** Replaces `%setting%`, `{name}`, `{path.to.value}`, `{rand-guid}`, `{DateTime}` and `{sys.…}`. */
export function resolveExpressions({ text, context }: { text: string; context: ExpressionContext }): string {
    return resolveSettings({ text, settings: context.settings }).replace(/\{([^{}]+)\}/g, (_, expression: string) =>
        evaluate(expression.trim(), context),
    );
}

function evaluate(expression: string, context: ExpressionContext): string {
    const [name, format] = splitFormat(expression);
    const lower = name.toLowerCase();
    if (lower === "rand-guid" || lower === "sys.randguid") {
        return formatGuid(randomUUID(), format);
    }
    if (lower === "datetime" || lower === "sys.utcnow") {
        return formatDate(context.now(), format);
    }
    const path = name.split(".");
    const root = find(context.data, path[0]!);
    if (root === undefined) {
        throw new Error(`No value for named parameter '${path[0]}' in the binding expression '{${expression}}'.`);
    }
    let value: unknown = root;
    for (const part of path.slice(1)) {
        // A missing query parameter or header gives an empty text instead of an error.
        value = typeof value === "object" && value !== null ? find(value as BindingData, part) : undefined;
    }
    return toText(value);
}

function splitFormat(expression: string): [string, string | undefined] {
    const colon = expression.indexOf(":");
    return colon < 0 ? [expression, undefined] : [expression.slice(0, colon), expression.slice(colon + 1)];
}

function find(data: BindingData, name: string): unknown {
    if (Object.hasOwn(data, name)) {
        return data[name];
    }
    const lower = name.toLowerCase();
    const key = Object.keys(data).find((candidate) => candidate.toLowerCase() === lower);
    return key === undefined ? undefined : data[key];
}

function toText(value: unknown): string {
    if (value === undefined || value === null) {
        return "";
    }
    return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function formatGuid(guid: string, format: string | undefined): string {
    switch (format) {
        case "N":
            return guid.replaceAll("-", "");
        case "B":
            return `{${guid}}`;
        case "P":
            return `(${guid})`;
        default:
            return guid;
    }
}

function formatDate(date: Date, format: string | undefined): string {
    const iso = date.toISOString();
    if (format === undefined) {
        return iso.replace(/\.\d+Z$/, "Z");
    }
    const parts: Record<string, string> = {
        yyyy: iso.slice(0, 4),
        MM: iso.slice(5, 7),
        dd: iso.slice(8, 10),
        HH: iso.slice(11, 13),
        mm: iso.slice(14, 16),
        ss: iso.slice(17, 19),
        fff: iso.slice(20, 23),
    };
    return format.replace(/yyyy|MM|dd|HH|mm|ss|fff/g, (part) => parts[part]!);
}
