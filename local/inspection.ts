import type { Emulator } from "../emulator";
import { messageOf } from "../emulator/core/errors";
import { roleDisplayName } from "../emulator/identity/roles";
import type { DeployedResource, DeploymentSource, DeploymentState, SettingState } from "../emulator/inspect";
import { list, object, optionalText, text } from "./azure/inputs";
import type { World } from "./azure/world";
import type { Operation, Step } from "./engine/events";
import type { ResourceState } from "./engine/state";
import type { Properties } from "./engine/values";
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

const reference = /@Microsoft\.KeyVault\(/i;
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
    let known: { state: DeploymentState; until: number } | undefined;

    return {
        read() {
            if (known === undefined || known.until <= now()) {
                known = { state: { ...readDeployment(shown), updated }, until: now() + askAgain };
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

/** The app settings that a resource holds, by name. */
function settingsOf({ type, inputs }: Pick<ResourceState, "type" | "inputs">): Map<string, string> {
    if (type.endsWith(":WebAppApplicationSettings")) {
        return new Map(Object.entries(object(inputs.properties)).map(([name, value]) => [name, String(value)]));
    }
    if (type.endsWith(":WebApp")) {
        const settings = list(object(inputs.siteConfig).appSettings).map(object);
        return new Map(settings.map((setting) => [text(setting, "name"), text(setting, "value")]));
    }
    return new Map();
}

function toSetting(
    shown: ShownUpdate,
    state: ResourceState,
    { name, value }: { name: string; value: string },
): SettingState {
    if (reference.test(value)) {
        return { name, value, secret: false, ...resolve(shown, state, value) };
    }
    return isSecretSetting(name, value) ? { name, secret: true } : { name, value, secret: false };
}

/** Whether a Key Vault reference can be read by the app that has it. */
function resolve(shown: ShownUpdate, state: ResourceState, value: string): Pick<SettingState, "reference" | "reason"> {
    const site = siteOf(shown, state);
    const reader = optionalText(site?.inputs ?? {}, "keyVaultReferenceIdentity");
    const owner = reader?.startsWith("/") === true ? reader : (site?.id ?? "");
    const principalId = shown.world.principals.find(owner)?.principalId;
    try {
        shown.emulator.references.resolve({ text: value, ...(principalId !== undefined && { principalId }) });
        return { reference: "resolved" };
    } catch (error) {
        return { reference: "unresolved", reason: messageOf(error) };
    }
}

/** The site whose settings these are. */
function siteOf({ resources }: ShownUpdate, state: ResourceState): ResourceState | undefined {
    if (state.type.endsWith(":WebApp")) {
        return state;
    }
    const ending = `/sites/${optionalText(state.inputs, "name") ?? ""}`.toLowerCase();
    return [...resources.values()].find(
        ({ type, id }) => type.endsWith(":WebApp") && id.toLowerCase().endsWith(ending),
    );
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
