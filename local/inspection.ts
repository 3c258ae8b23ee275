import type { Emulator } from "../emulator";
import { messageOf } from "../emulator/core/errors";
import { roleDisplayName } from "../emulator/identity/roles";
import type { DeployedResource, DeploymentSource, DeploymentState, SettingState } from "../emulator/inspect";
import { list, object, optionalText, text, textList } from "./azure/inputs";
import type { World } from "./azure/world";
import type { Operation, Step } from "./engine/events";
import type { ResourceState } from "./engine/state";
import type { Properties, Value } from "./engine/values";
import { isSecretSetting } from "./secretSetting";

export interface ShownUpdate {
    emulator: Emulator;
    world: Pick<World, "principals">;
    project: string;
    stack: string;
    resources: ReadonlyMap<string, ResourceState>;
    /** What the update did. */
    steps: readonly Step[];
    now(): number;
}

const reference = /\{?@Microsoft\.KeyVault\([^()]*\)\}?/gi;
const referringPart = new RegExp(`(?:([?&])[\\w-]{1,60}=)?${reference.source}`, "gi");
/** Whether a reference is resolved is asked again after this time, because roles and secrets change without an update. */
const askAgain = 2000;

/** Shows the result of an update in the inspector. */
export function showDeployment(shown: ShownUpdate): void {
    const { inspector } = shown.emulator;
    inspector?.setDeployment(createSource(shown));
}

function createSource(shown: ShownUpdate): DeploymentSource {
    const { now } = shown;
    const updated = now();
    let known: { state: DeploymentState; at: number } | undefined;

    return {
        read() {
            const at = performance.now();
            if (known === undefined || known.at + askAgain <= at) {
                known = { state: { ...readDeployment(shown), updated }, at };
            }
            return known.state;
        },
        secret({ resource, setting }) {
            for (const state of shown.resources.values()) {
                if (state.urn === resource || state.id === resource) {
                    return settingsOf(state).get(setting);
                }
            }
            return undefined;
        },
    };
}

function readDeployment(shown: ShownUpdate): Omit<DeploymentState, "updated"> {
    const { project, stack, resources, steps } = shown;
    const stepOf = new Map(steps.map((step) => [step.urn, step]));
    const present = [...resources.values()].map((state) => toResource(shown, state, stepOf.get(state.urn)));
    const gone = steps.filter(({ urn, operation }) => operation === "deleted" && !resources.has(urn));
    return { project, stack, resources: [...present, ...gone.map(toDeleted)] };
}

function toResource(shown: ShownUpdate, state: ResourceState, step: Step | undefined): DeployedResource {
    const { urn, name, type, id, parent, dependencies, inputs } = state;
    const settings = [...settingsOf(state)].map(([setting, value]) =>
        toSetting(shown, state, { name: setting, value }),
    );
    const roles = rolesOf(shown, state);
    return {
        urn,
        name,
        type,
        ...(id !== "" && { id }),
        ...(parent !== undefined && { parent }),
        dependsOn: [...dependencies],
        last: lastOf(step?.operation),
        changed: step?.changed ?? [],
        ...((settings.length > 0 || isObject(inputs.siteConfig)) && { settings }),
        ...(roles.length > 0 && { roles }),
    };
}

function toDeleted({ urn, name, type, parent }: Step): DeployedResource {
    return { urn, name, type, ...(parent !== undefined && { parent }), dependsOn: [], last: "deleted", changed: [] };
}

function lastOf(operation: Operation | undefined): DeployedResource["last"] {
    return operation === undefined || operation === "unchanged" ? "same" : operation;
}

/** The app settings that a resource holds, by name, or the URLs to which a service sends its events. */
function settingsOf({ type, inputs }: Pick<ResourceState, "type" | "inputs">): Map<string, string> {
    if (/:WebAppApplicationSettings(Slot)?$/.test(type)) {
        return new Map(Object.entries(object(inputs.properties)).map(([name, value]) => [name, String(value)]));
    }
    if (/:WebApp(Slot)?$/.test(type)) {
        const settings = list(object(inputs.siteConfig).appSettings).map(object);
        return new Map(settings.map((setting) => [text(setting, "name"), text(setting, "value")]));
    }
    if (type.endsWith(":WebPubSubHub")) {
        return urlsOf("eventHandlers", list(object(inputs.properties).eventHandlers));
    }
    return type.endsWith(":SignalR")
        ? urlsOf("upstream.templates", list(object(inputs.upstream).templates))
        : new Map();
}

function urlsOf(place: string, targets: readonly Value[]): Map<string, string> {
    return new Map(
        targets.map((target, index) => [`${place}[${index}].urlTemplate`, text(object(target), "urlTemplate")]),
    );
}

function toSetting(
    shown: ShownUpdate,
    state: ResourceState,
    { name, value }: { name: string; value: string },
): SettingState {
    const references = value.match(reference);
    if (references !== null) {
        // A URL may hold a key beside its reference.
        const rest = value.replace(referringPart, (_, separator = "") => separator);
        const shownValue = rest !== "" && isSecretSetting(name, rest) ? { secret: true } : { value, secret: false };
        return { name, ...shownValue, ...resolve(shown, state, references) };
    }
    return isSecretSetting(name, value) ? { name, secret: true } : { name, value, secret: false };
}

/** Whether Key Vault references can be read by the app or service that has them. */
function resolve(
    shown: ShownUpdate,
    state: ResourceState,
    references: readonly string[],
): Pick<SettingState, "reference" | "reason"> {
    const principalId = shown.world.principals.find(readerOf(shown, state))?.principalId;
    try {
        for (const found of references) {
            const bare = found.replace(/^\{|\}$/g, "");
            shown.emulator.references.resolve({ text: bare, ...(principalId !== undefined && { principalId }) });
        }
        return { reference: "resolved" };
    } catch (error) {
        return { reference: "unresolved", reason: messageOf(error) };
    }
}

/** The resource whose identity reads the references of a resource. */
function readerOf({ resources }: ShownUpdate, state: ResourceState): string {
    const ofId = (types: RegExp, ending: string) =>
        [...resources.values()].find(
            ({ type, id }) => types.test(type) && id.toLowerCase().endsWith(ending.toLowerCase()),
        );
    const { type, inputs } = state;
    if (type.endsWith(":WebPubSubHub") || type.endsWith(":SignalR")) {
        const service = type.endsWith(":SignalR")
            ? state
            : ofId(/:WebPubSub$/, `/webPubSub/${optionalText(inputs, "resourceName")}`);
        const identity = object(service?.inputs.identity);
        const [userAssigned] = textList(identity.userAssignedIdentities);
        const isOwn = /SystemAssigned/i.test(optionalText(identity, "type") ?? "");
        return (isOwn ? service?.id : userAssigned) ?? "";
    }
    const slot = optionalText(inputs, "slot");
    const place = `/sites/${optionalText(inputs, "name")}${slot === undefined ? "" : `/slots/${slot}`}`;
    const site = /:WebApp(Slot)?$/.test(type) ? state : ofId(/:WebApp(Slot)?$/, place);
    const reader = optionalText(site?.inputs ?? {}, "keyVaultReferenceIdentity");
    return reader?.startsWith("/") === true ? reader : (site?.id ?? "");
}

/** The roles that a resource's identity has, or the one that a role assignment gives. */
function rolesOf({ resources, world }: ShownUpdate, state: ResourceState): NonNullable<DeployedResource["roles"]> {
    const principal = world.principals.find(state.id)?.principalId;
    const roles: NonNullable<DeployedResource["roles"]> = [];
    for (const { type, inputs, urn } of resources.values()) {
        if (type.endsWith(":RoleAssignment")) {
            const principalId = text(inputs, "principalId");
            if (urn === state.urn || (principal !== undefined && principalId === principal)) {
                const roleId = text(inputs, "roleDefinitionId").split("/").pop() ?? "";
                const owner = world.principals.all().find((known) => known.principalId === principalId);
                roles.push({
                    principal: owner?.resourceId ?? principalId,
                    role: roleDisplayName(roleId),
                    scope: text(inputs, "scope"),
                });
            }
        }
    }
    return roles;
}

function isObject(value: Properties[string] | undefined): boolean {
    return typeof value === "object" && value !== null;
}
