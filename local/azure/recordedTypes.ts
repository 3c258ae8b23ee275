import type { Handler } from "../engine/handler";
import { armHandler } from "./armHandler";
import { text } from "./inputs";
import { recordedSpecs } from "./recordedSpecs";

/** Types that the local Azure checks as Azure does and records, without what they do on Azure. */
export const recordedHandlers: Handler[] = [
    ...recordedSpecs.map((spec) => armHandler({ ...spec, recorded: true })),
    armHandler({
        token: "azure-native:authorization:ManagementLockByScope",
        armType: "Microsoft.Authorization/locks",
        names: ["lockName"],
        outside: ["scope"],
        id: ({ inputs }) =>
            `${text(inputs, "scope")}/providers/Microsoft.Authorization/locks/${text(inputs, "lockName")}`,
        recorded: true,
    }),
];
