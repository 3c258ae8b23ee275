module realtime-go

go 1.23

require github.com/pulumi/pulumi/sdk/v3 v3.248.0

// `pulumi install` writes the package's SDK to this folder.
replace example.com/pulumi-azure-realtime/sdk/go/azure-realtime => ./sdks/azure-realtime/azurerealtime
