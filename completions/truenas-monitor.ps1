# PowerShell completion for truenas-monitor
# Load it with: truenas-monitor autocomplete powershell | Out-String | Invoke-Expression

Register-ArgumentCompleter -Native -CommandName 'truenas-monitor', 'kubectl-truenas_monitor' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $elements = @($commandAst.CommandElements | ForEach-Object { $_.ToString() })
    $program = $elements[0]
    $words = @($elements | Select-Object -Skip 1)
    if ($wordToComplete -eq '') { $words += '""' }
    & $program complete '--' @words 2>$null | Where-Object { $_ -and -not $_.StartsWith(':') } | ForEach-Object {
        $value, $description = $_ -split "`t", 2
        if (-not $description) { $description = $value }
        [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $description)
    }
}
