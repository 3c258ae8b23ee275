import { PolicyPack } from "@pulumi/policy";
import { ifKnown } from "./known";
import { rules } from "./rules";

new PolicyPack("azure-realtime", {
    description: "Enforces the security promises of the azure-realtime components.",
    enforcementLevel: "mandatory",
    policies: rules.map(({ name, description, faults }) => {
        const faultOf = new Map(Object.entries(faults).map(([type, fault]) => [`azure-native:${type}`, fault]));
        return {
            name,
            description,
            validateResource: ({ type, props }, reportViolation) => {
                // What is unknown in a preview is judged by the update, before the resource exists.
                const message = ifKnown(() => faultOf.get(type)?.(props));
                if (message !== undefined) {
                    reportViolation(message);
                }
            },
        };
    }),
});
