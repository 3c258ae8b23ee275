import { resolveSettings, type Settings } from "../settings";
import type { BindingInfo } from "../worker/types";
import { type BindingData, EnumValue, findMember, jsonText } from "./bindingData";
import { formatDate, formatGuid, formatNumber, Guid } from "./dotnet";

export interface ExpressionContext {
    data: BindingData;
    settings: Settings;
    now: () => Date;
}

/**
 * Returns a copy of the binding in which the settings of every text are resolved, and the expressions of those properties
 * that the vendor's attribute marks with `AutoResolve`. Those properties get the spelling of the list.
 */
export function resolveBinding(options: {
    binding: BindingInfo;
    context: ExpressionContext;
    autoResolved: readonly string[];
}): BindingInfo {
    const { binding, context } = options;
    const resolved: BindingInfo = { ...binding };
    for (const [key, value] of Object.entries(binding)) {
        if (typeof value !== "string" || untouched.has(key)) {
            continue;
        }
        const name = options.autoResolved.find((candidate) => candidate.toLowerCase() === key.toLowerCase());
        if (name === undefined) {
            resolved[key] = resolveSettings({ text: value, settings: context.settings });
        } else {
            delete resolved[key];
            resolved[name] = resolveExpressions({ text: value, context });
        }
    }
    return resolved;
}

const untouched = new Set(["name", "type", "direction", "dataType"]);

/** Whether a binding has an expression, so that its values are needed. */
export function hasExpression(binding: BindingInfo): boolean {
    return Object.values(binding).some((value) => typeof value === "string" && value.includes("{"));
}

/**
 * Replaces `%setting%`, then `{name}`, `{path.to.value}`, `{rand-guid}`, `{datetime}` and `{sys.…}`; `{{` and `}}` are braces.
 * Throws for a name or a member that does not exist, in the vendor's words. Source: azure-webjobs-sdk,
 * BindingTemplateParser.cs and BindingTemplateToken.cs.
 */
export function resolveExpressions({ text, context }: { text: string; context: ExpressionContext }): string {
    const template = resolveSettings({ text, settings: context.settings });
    return template.replace(
        /(\{\{|\}\})|\{([^{}]*)\}|([{}])/g,
        (_, escaped: string | undefined, expression: string | undefined, brace: string | undefined, at: number) => {
            if (escaped !== undefined) {
                return escaped.charAt(0);
            }
            if (brace !== undefined) {
                const missing = brace === "{" ? "closing" : "opening";
                throw new Error(`Invalid template '${template}'. Missing ${missing} bracket at position ${at + 1}.`);
            }
            if (expression === "" || expression === undefined) {
                throw new Error(`Invalid template '${template}'. The parameter name at position ${at + 1} is empty.`);
            }
            return evaluate({ expression, template, context });
        },
    );
}

const builtIns = ["rand-guid", "datetime"] as const;
const identifier = /^(?:\p{L}|\p{Nl}|_)[\p{L}\p{Nl}\p{Nd}\p{Pc}\p{Mn}\p{Mc}\p{Cf}.-]*$/u;

function evaluate(options: { expression: string; template: string; context: ExpressionContext }): string {
    const { expression, template, context } = options;
    const builtIn = builtIns.find((name) => expression.toLowerCase().startsWith(name));
    const colon = builtIn === undefined ? expression.indexOf(":") : -1;
    const [path, format] = colon > 0 ? [expression.slice(0, colon), expression.slice(colon + 1)] : [expression, ""];
    const parts = path.split(".");
    if (builtIn === undefined && !identifier.test(path)) {
        throw new Error(`Invalid template '${template}'. Invalid template expression '${path}'.`);
    }
    if (builtIn === undefined && parts[0]!.includes("-")) {
        throw new Error(`Invalid template '${template}'. The parameter name '${parts[0]}' is invalid.`);
    }
    if (parts.some((part) => part.trim() === "")) {
        throw new Error(`Illegal expression: ${path}`);
    }
    const root = findMember(context.data, parts[0]!);
    if (root !== undefined) {
        return toText({ value: follow(root, parts.slice(1)), format });
    }
    if (builtIn === undefined) {
        throw new Error(`No value for named parameter '${parts[0]}'.`);
    }
    const rest = parts[0]!.slice(builtIn.length);
    return toText({
        value: builtIn === "datetime" ? context.now() : new Guid(),
        format: rest.startsWith(":") ? rest.slice(1) : "",
    });
}

/** The value at the end of a path. Throws at the first member that does not exist. */
function follow(root: unknown, path: readonly string[]): unknown {
    let value = root;
    for (const [depth, name] of path.entries()) {
        if (value === null) {
            throw new Error(`Error while accessing '${name}': Object reference not set to an instance of an object.`);
        }
        const member =
            typeof value === "object" && !Array.isArray(value)
                ? findMember(value as object, name)
                : countOf({ value, name, depth });
        if (member === undefined) {
            throw new Error(`Error while accessing '${name}': property doesn't exist.`);
        }
        const isScalar = typeof member !== "object" || member === null;
        value = isScalar && isJsonObject(value) ? new JsonScalar(jsonText(member)) : member;
    }
    return value;
}

/** Whether a value comes from JSON. The host's own tables have no prototype. */
function isJsonObject(value: unknown): boolean {
    return Object.getPrototypeOf(value) === Object.prototype;
}

/** A value of JSON that has no members. */
class JsonScalar {
    readonly #text: string;

    constructor(text: string) {
        this.#text = text;
    }

    toString(): string {
        return this.#text;
    }
}

/** The one property that .NET's texts and lists have besides their content. */
function countOf({ value, name, depth }: { value: unknown; name: string; depth: number }): number | undefined {
    if (Array.isArray(value)) {
        return name.toLowerCase() === "count" ? value.length : undefined;
    }
    return typeof value === "string" && depth === 0 && name.toLowerCase() === "length" ? value.length : undefined;
}

/**
 * The text of a value. Lists, objects, fractions and truth values give an empty text, as in the vendor's
 * `BindingDataPathHelper`. Only dates and GUIDs have formats.
 */
function toText({ value, format }: { value: unknown; format: string }): string {
    const given = format.trim() === "" ? undefined : format;
    if (value instanceof Date) {
        return formatDate(value, given ?? "yyyy-MM-ddTHH-mm-ssK");
    }
    if (value instanceof Guid) {
        return given === undefined ? value.text : formatGuid(value, given);
    }
    if (value instanceof JsonScalar) {
        return value.toString();
    }
    if (value instanceof EnumValue) {
        return String(value.number);
    }
    if (typeof value === "number") {
        return Number.isInteger(value) ? formatNumber(value) : "";
    }
    return typeof value === "string" ? value : "";
}
