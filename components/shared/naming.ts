import * as pulumi from "@pulumi/pulumi";
import { parseArmId } from "./armId";
import { type Checks, type Rule, show } from "./checks";
import { fitName, type NamedThing, type NameParts, nameRule, uniqueName } from "./names";
import { NamedKind, type Naming } from "./namingArgs";
import { object, plain, required, type Shape, text } from "./shape";

export const namingShape: Shape = plain(
    object<Naming>({ template: plain(required(text)), name: plain(required(text)), environment: plain(text) }),
);

/** Rule of a kind's names, and whether its names hold letters and digits alone. */
const rules: Record<NamedKind, { thing: NamedThing; compact?: boolean }> = {
    rg: { thing: "resourceGroup" },
    func: { thing: "functionApp" },
    asp: { thing: "plan" },
    st: { thing: "storageAccount", compact: true },
    stcode: { thing: "storageAccount", compact: true },
    kv: { thing: "vault" },
    kvcon: { thing: "vault" },
    kvslot: { thing: "vault" },
    wps: { thing: "service" },
    sigr: { thing: "service" },
    idapp: { thing: "identity" },
    idsvc: { thing: "identity" },
    appi: { thing: "insights" },
    log: { thing: "workspace" },
    vnet: { thing: "virtualNetwork" },
    ag: { thing: "insights" },
};

const placeholders = ["kind", "name", "environment", "suffix"];
/** As long as the random part of a name. */
const sampleSuffix = "abc123";

/** The name that a scheme gives a resource of one kind. */
export function schemeName(naming: Naming, kind: NamedKind, suffix: string): string {
    const { name, environment = "" } = naming;
    const values = new Map(Object.entries({ kind, name, environment, suffix }));
    const whole = naming.template.replace(/\{([a-z]+)\}/g, (_all, key: string) => values.get(key) ?? "");
    // A placeholder without a value leaves no two separators behind.
    const tidy = whole.replace(/([-_.])[-_.]+/g, "$1").replace(/^[-_.]|[-_.]$/g, "");
    return rules[kind].compact ? tidy.toLowerCase().replace(/[^a-z0-9]/g, "") : tidy;
}

/** The name of a new resource: by the scheme where there is one, else its base with the random part. */
export function newName(
    suffix: pulumi.Output<string>,
    { naming, kind, ...parts }: NameParts & { naming: unknown; kind: NamedKind },
): pulumi.Output<string> {
    return naming === undefined
        ? uniqueName(suffix, parts)
        : suffix.apply((known) => schemeName(naming as Naming, kind, known));
}

/** With a scheme, the name of a resource that belongs to another: that one's name and a part. Without one, Pulumi makes a name. */
export function nameAfter(
    id: pulumi.Input<string>,
    { naming, part, max }: { naming: unknown; part: string; max: number },
): pulumi.Output<string> | undefined {
    const nameOf = (known: string) => `${fitName(parseArmId(known)?.name ?? "", max - part.length - 1)}-${part}`;
    return naming === undefined ? undefined : pulumi.output(id).apply(nameOf);
}

const templateRule: Rule<string> = (value) => {
    const known = placeholders.map((key) => `{${key}}`).join(", ");
    const unknown = [...value.matchAll(/\{([^{}]*)\}/g)].find(([, key]) => !placeholders.includes(key ?? ""));
    if (unknown !== undefined) {
        return `${show(value)} has ${show(unknown[0])}. Allowed: ${known}.`;
    }
    if (!/^([A-Za-z0-9_.-]|\{[a-z]+\})+$/.test(value)) {
        return `${show(value)} has other characters. Allowed: letters, digits, - _ . and ${known}.`;
    }
    return value.includes("{kind}") && value.includes("{name}")
        ? undefined
        : `${show(value)} lacks {kind} or {name}, so resources of one kind could have one name. Add both.`;
};

const partRule: Rule<string> = (value) =>
    /^[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$/.test(value)
        ? undefined
        : `${show(value)} cannot be a part of a name. Allowed: letters, digits and - _ . between them.`;

/** Checks a scheme, and the name that it gives each kind; `given` are kinds that have a name or a resource already. */
export function checkNaming(
    checks: Checks,
    naming: unknown,
    kinds: Partial<Record<NamedKind, unknown>>,
): Naming | undefined {
    const scheme = naming as Naming | undefined;
    if (scheme === undefined) {
        return undefined;
    }
    const part = checks.at("naming.");
    const { template, name, environment } = scheme;
    const faults = [
        { key: "template", reason: template === undefined ? undefined : templateRule(template) },
        { key: "name", reason: name === undefined ? undefined : partRule(name) },
        { key: "environment", reason: environment === undefined ? undefined : partRule(environment) },
    ].filter(({ reason }) => reason !== undefined);
    for (const { key, reason } of faults) {
        part.fault(key, reason ?? "");
    }
    if (template?.includes("{environment}") && environment === undefined) {
        part.fault("environment", "it is missing, and naming.template has {environment}. Give it, such as prod.");
        return scheme;
    }
    if (faults.length > 0 || template === undefined || name === undefined) {
        return scheme;
    }
    for (const kind of Object.values(NamedKind).filter((one) => one in kinds && kinds[one] === undefined)) {
        const { thing } = rules[kind];
        const reason = nameRule(thing)(schemeName(scheme, kind, sampleSuffix));
        if (reason !== undefined) {
            part.fault("template", `for ${words[kind]} it makes a name that Azure refuses: ${reason}`);
        }
    }
    return scheme;
}

const words: Record<NamedKind, string> = {
    rg: "the resource group",
    func: "the Function App",
    asp: "the plan",
    st: "the host's storage account",
    stcode: "the storage account of packages",
    kv: "the vault",
    kvcon: "the vault of the connection",
    kvslot: "the vault of the staging slot",
    wps: "the service",
    sigr: "the service",
    idapp: "the app's identity",
    idsvc: "the service's identity",
    appi: "Application Insights",
    log: "the Log Analytics workspace",
    vnet: "the virtual network",
    ag: "the action group",
};
