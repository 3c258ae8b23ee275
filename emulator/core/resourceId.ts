/** Whether an ARM id equals the scope or is below it. Ignores case and a trailing slash, as Azure does. */
export function isWithin(resourceId: string, scope: string): boolean {
    const inner = normalized(resourceId);
    const outer = normalized(scope);
    return inner === outer || inner.startsWith(`${outer}/`);
}

function normalized(id: string): string {
    return id.toLowerCase().replace(/(?<!\/)\/+$/, "");
}
