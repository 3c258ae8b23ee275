import * as pulumi from "@pulumi/pulumi";

/** An output whose source is made after what uses it. */
export interface Later<T> {
    output: pulumi.Output<T>;
    /** Says where the value comes from; what uses the output then waits for it. */
    settle(source: pulumi.Output<T>): void;
}

/** For two components that need each other's outputs, where their resources do not go round in a circle. */
export function later<T>(): Later<T> {
    let settle: (source: pulumi.Output<T>) => void = () => {};
    const source = new Promise<pulumi.Output<T>>((resolve) => {
        settle = (given) => resolve(given);
    });
    return { output: pulumi.output(source) as pulumi.Output<T>, settle };
}
