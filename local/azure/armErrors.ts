/** An error of Azure Resource Manager, in the form in which the provider prints it. `hint` is what only the local Azure can add. */
export function armError({
    status,
    code,
    message,
    hint,
}: {
    status: number;
    code: string;
    message: string;
    hint?: string;
}): Error {
    return new Error(
        `Status=${status} Code=${JSON.stringify(code)} Message=${JSON.stringify(message)}${hint ? `. ${hint}` : ""}`,
    );
}

/** The provider asks for a resource before it creates one, and refuses when Azure has it. */
export function existsError(id: string): Error {
    return new Error(`cannot create already existing resource '${id}'`);
}
