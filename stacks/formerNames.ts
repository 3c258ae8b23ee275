import * as pulumi from "@pulumi/pulumi";

/**
 * Lets the alerts of stacks that are older than the components' own `alerts` go on under their new names, so that an update changes them in
 * place.
 */
export function keepFormerNames(stackName: string): pulumi.ResourceTransformation {
    const former = new Map([
        [`${stackName}-alerts`, `${stackName}-alerts`],
        [`${stackName}-diagnostics-service`, `${stackName}-logs`],
        ...["connections", "failed-events", "failed-requests", "unexpected-answers"].map(
            (alert) => [`${stackName}-alerts-${alert}`, `${stackName}-${alert}`] as const,
        ),
    ]);
    return ({ type, name, props, opts }) => {
        const before = type.startsWith("azure-native:monitor:") ? former.get(name) : undefined;
        return before === undefined
            ? undefined
            : {
                  props,
                  opts: pulumi.mergeOptions(opts, { aliases: [{ name: before, parent: pulumi.rootStackResource }] }),
              };
    };
}
