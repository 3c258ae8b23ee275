import { PolicyPack } from "@pulumi/policy";
import { rules } from "./rules";

new PolicyPack("azure-realtime", {
    description: "Enforces the security promises of the azure-realtime components.",
    enforcementLevel: "mandatory",
    policies: rules.map(({ name, description, types, fault }) => ({
        name,
        description,
        validateResource: ({ type, props }, reportViolation) => {
            const message = types.includes(type) ? fault(props) : undefined;
            if (message !== undefined) {
                reportViolation(message);
            }
        },
    })),
});
