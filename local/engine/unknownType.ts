import { randomBytes } from "node:crypto";
import { armPath, nameInput, namespaceOf } from "./armTypes";
import type { Handler } from "./handler";
import type { Properties } from "./values";

/** Types whose outputs a program cannot do without, and which the local Azure does not run. */
const actions = new Map([
    ["command", "runs commands"],
    ["pulumi-python", "runs code of the program"],
]);

const packageOf = (type: string) => type.split(":")[0] ?? "";

/** An id of the form that Azure Resource Manager gives. */
function armId(
    type: string,
    { name, inputs, subscriptionId }: { name: string; inputs: Properties; subscriptionId: string },
) {
    const [, module = ""] = type.split(":");
    const group = typeof inputs.resourceGroupName === "string" ? `/resourceGroups/${inputs.resourceGroupName}` : "";
    const path = armPath(type, { name, inputs });
    return `/subscriptions/${subscriptionId}${group}/providers/${namespaceOf(module)}/${path}`;
}

/** Why a type is refused and not recorded; undefined for one that is recorded. */
export function actionOf(type: string): string | undefined {
    return actions.get(packageOf(type));
}

/** Records a resource of a type that the local Azure knows nothing about: its outputs are its inputs. */
export function recordUnknown(type: string): Handler {
    const isAzure = packageOf(type) === "azure-native";
    const generated = "__name";
    const nameOf = (inputs: Properties) => {
        const key = nameInput(type, inputs);
        return String(key === undefined ? inputs[generated] : inputs[key]);
    };
    const outputsOf = ({ [generated]: name, ...inputs }: Properties): Properties => ({
        ...inputs,
        ...(isAzure && { name: nameOf({ ...inputs, [generated]: name ?? "" }) }),
    });
    const id: Handler["id"] = ({ inputs, settings }) =>
        isAzure
            ? armId(withoutVersion(type), { name: nameOf(inputs), inputs, subscriptionId: settings.subscriptionId })
            : nameOf(inputs);
    return {
        token: type,
        recorded: true,
        replaceOn: [],
        id,
        check({ logicalName, inputs, before }) {
            if (nameInput(type, inputs) !== undefined) {
                return inputs;
            }
            // azure-native puts nothing between the two, because many names must not have a hyphen.
            const separator = isAzure ? "" : "-";
            const fresh = `${logicalName}${separator}${randomBytes(4).toString("hex")}`;
            return { ...inputs, [generated]: before?.[generated] ?? fresh };
        },
        planned: ({ [generated]: _name, ...inputs }) => inputs,
        create: async ({ inputs, world }) => ({ id: id({ inputs, settings: world }), outputs: outputsOf(inputs) }),
        update: async ({ inputs, before }) => ({ id: before.id, outputs: outputsOf(inputs) }),
        resume: async ({ before }) => before,
        remove: async () => undefined,
    };
}

/** A resource whose outputs the project's stand-ins give. */
export function standInHandler(type: string, outputs: Properties): Handler {
    const handler = recordUnknown(type);
    return {
        ...handler,
        planned: (inputs) => ({ ...handler.planned(inputs), ...outputs }),
        create: async (request) => {
            const made = await handler.create(request);
            return { ...made, outputs: { ...made.outputs, ...outputs } };
        },
        update: async (request) => {
            const made = await handler.update(request);
            return { ...made, outputs: { ...made.outputs, ...outputs } };
        },
    };
}

/** The type without its API version: `azure-native:web/v20240401:WebApp` is a `azure-native:web:WebApp`. */
export function withoutVersion(type: string): string {
    return type.replace(/^(azure-native:[^:/]+)\/v\d{8}\w*:/, "$1:");
}

/** `network:VirtualNetwork x2, cosmosdb:DatabaseAccount`, for the types that were recorded. */
export function recordedLine(types: string[]): string {
    const counts = new Map<string, number>();
    for (const type of types.map((name) => withoutVersion(name).replace(/^azure-native:/, ""))) {
        counts.set(type, (counts.get(type) ?? 0) + 1);
    }
    return [...counts].map(([type, count]) => (count > 1 ? `${type} x${count}` : type)).join(", ");
}
