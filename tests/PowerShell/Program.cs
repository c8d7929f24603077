return Microsoft.PowerShell.ConsoleShell.Start(string.Empty, string.Empty, args);
