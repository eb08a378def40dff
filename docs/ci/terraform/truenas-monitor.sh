#!/bin/sh
# The protocol of Terraform's external data source: a JSON object on stdin, a flat map of strings on stdout.
set -eu
component=$(sed -n 's/.*"component" *: *"\([a-z,-]*\)".*/\1/p')
exec truenas-monitor health ${component:+--component "$component"} --fail-on none \
  -o 'jsonpath={"{"}"overall_status":"{.overall_status}","failed_checks":"{.failed_checks}","warning_checks":"{.warning_checks}"{"}"}'
