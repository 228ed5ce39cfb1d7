package policy

const absolute = `C:\certificates\inspection.pem`
