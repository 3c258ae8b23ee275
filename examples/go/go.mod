module realtime-go

go 1.25.11

require (
	example.com/pulumi-azure-realtime/sdk/go v0.0.0-00010101000000-000000000000
	github.com/pulumi/pulumi/sdk/v3 v3.248.0
)

// `pulumi install` writes the package's SDK to this folder.
replace example.com/pulumi-azure-realtime/sdk/go => ./sdks/azure-realtime
