# What both sides say, for preconditions: a plan stops before it adds volumes to a pool that has no room for them.
data "external" "truenas" {
  program = ["sh", "${path.module}/truenas-monitor.sh"]
  query   = { component = "pool,capacity" }
}

output "storage_status" {
  value = data.external.truenas.result.overall_status
}

resource "terraform_data" "storage_is_sound" {
  lifecycle {
    precondition {
      condition     = data.external.truenas.result.failed_checks == "0"
      error_message = "truenas-monitor: ${data.external.truenas.result.failed_checks} checks of the pools have failed."
    }
  }
}
