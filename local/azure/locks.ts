import type { Handler } from "../engine/handler";
import { armHandler } from "./armHandler";
import { groupId } from "./ids";
import { text } from "./inputs";
import { lockType } from "./locked";
import type { World } from "./world";

function lockHandler(
    spec: Pick<Parameters<typeof armHandler>[0], "token" | "outside" | "id">,
    scopeOf: ScopeOf,
): Handler {
    return armHandler({
        ...spec,
        armType: lockType,
        names: ["lockName"],
        async make({ world, id, inputs }) {
            world.locks.add(id, { id, scope: scopeOf(world, inputs), level: text(inputs, "level") });
            return {};
        },
        async remove({ world, id }) {
            world.locks.remove(id);
        },
    });
}

type ScopeOf = (world: World, inputs: Parameters<typeof text>[0]) => string;

export const lockHandlers: Handler[] = [
    lockHandler(
        {
            token: "azure-native:authorization:ManagementLockByScope",
            outside: ["scope"],
            id: ({ inputs }) => `${text(inputs, "scope")}/providers/${lockType}/${text(inputs, "lockName")}`,
        },
        (_world, inputs) => text(inputs, "scope"),
    ),
    lockHandler({ token: "azure-native:authorization:ManagementLockAtResourceGroupLevel" }, (world, inputs) =>
        groupId({ ...world, resourceGroup: text(inputs, "resourceGroupName") }),
    ),
];
