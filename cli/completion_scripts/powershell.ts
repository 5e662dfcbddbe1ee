/** The completion script for PowerShell 5.1 and later. */

/**
 * The script (spec/cli.md, 8).
 *
 * @param request `__complete`, or `__completeNoDesc` for candidates without descriptions.
 */
export function powershellScript(request: string): string {
  return script.replaceAll("@REQUEST@", request);
}

const script = `\
# Completion of talosctl for PowerShell.

Register-ArgumentCompleter -CommandName 'talosctl' -ScriptBlock {
    param($WordToComplete, $CommandAst, $CursorPosition)

    # The words as they are typed, so that quotes and variables mean what they will mean; but
    # completing never runs a command that stands in the line.
    $Words = @($CommandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $CursorPosition })
    $Line = "& $($CommandAst.CommandElements[0].Extent.Text) @REQUEST@"
    foreach ($Word in ($Words | Select-Object -Skip 1)) {
        $Text = $Word.Extent.Text
        if ($Text -match '[;&|<>(){}]') { $Text = "'" + $Text.Replace("'", "''") + "'" }
        $Line += " $Text"
    }

    $Current = "$WordToComplete".TrimStart("'", '"')
    if ($Current -ne '') {
        $Line += " '" + $Current.Replace("'", "''") + "'"
    } elseif ($PSVersionTable.PSVersion -lt [version]'7.3.0' -or $PSNativeCommandArgumentPassing -eq 'Legacy') {
        # Older versions drop an empty word; quotes in quotes arrive as an empty one.
        $Line += " '" + '""' + "'"
    } else {
        $Line += " ''"
    }

    $Answer = @(Invoke-Expression "$Line 2>\`$null")
    if ($Answer.Count -eq 0 -or $Answer[-1] -notmatch '^:\\d+$') { return }
    $Directive = [int]$Answer[-1].Substring(1)
    if ($Directive -band 1) { return '' }

    # Of --flag=value the value is completed, but PowerShell replaces the whole word.
    $Prefix = ''
    if ($Current -match '^(-[^=]*=)') { $Prefix = $Matches[1] }

    $Candidates = @($Answer | Select-Object -SkipLast 1 | ForEach-Object {
        $Name, $Description = $_ -split "\`t", 2
        if (-not $Description) { $Description = $Name }
        [PSCustomObject]@{ Name = "$Prefix$Name"; Description = $Description }
    } | Where-Object { $_.Name.StartsWith($Current) })
    if (-not ($Directive -band 32)) { $Candidates = @($Candidates | Sort-Object -Property Name) }

    if ($Candidates.Count -eq 0) {
        # An empty text keeps PowerShell from offering file names.
        if ($Directive -band 4) { return '' }
        return
    }
    foreach ($Candidate in $Candidates) {
        $Text = $Candidate.Name
        if ($Text -match '[\\s''"$;&|<>(){}@,\`]') { $Text = "'" + $Text.Replace("'", "''") + "'" }
        if ($Candidates.Count -eq 1 -and -not ($Directive -band 2)) { $Text += ' ' }
        [System.Management.Automation.CompletionResult]::new($Text, $Candidate.Name, 'ParameterValue', $Candidate.Description)
    }
}
`;
