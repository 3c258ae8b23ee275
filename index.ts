// Where Pulumi's analyzer begins to look for components.
export * from "./components";
