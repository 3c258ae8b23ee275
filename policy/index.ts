import { PolicyPack, type ResourceValidationPolicy, type StackValidationPolicy } from "@pulumi/policy";
import { ifKnown } from "./known";
import { type Rule, rules } from "./rules";
import { type StackRule, stackRules } from "./stackRules";

new PolicyPack("azure-realtime", {
    description: "Enforces the security promises of the azure-realtime components.",
    enforcementLevel: "mandatory",
    policies: [...rules.map(resourcePolicy), ...stackRules.map(stackPolicy)],
});

function resourcePolicy({ name, description, faults }: Rule): ResourceValidationPolicy {
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
}

function stackPolicy({ name, description, isAdvice, faults }: StackRule): StackValidationPolicy {
    return {
        name,
        description,
        ...(isAdvice && { enforcementLevel: "advisory" }),
        validateStack: ({ resources }, reportViolation) => {
            for (const { message, urn } of faults(resources)) {
                reportViolation(message, urn);
            }
        },
    };
}
