# A door before a cluster: it holds requests of one type until as many wait as are told, and then answers the last one first.
Add-Type -ReferencedAssemblies System.Net.HttpListener, System.Net.Http, System.Collections, System.Threading, System.Net.Primitives, System.Net.Sockets, System.Net.WebHeaderCollection, System.Linq, System.Runtime -TypeDefinition @'
using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

public sealed class RequestGate : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly HttpListener _listener = new HttpListener();
    private readonly HttpClient _http = new HttpClient();
    private readonly List<Func<Task>> _held = new List<Func<Task>>();
    private readonly Uri _cluster;
    private readonly string _type;
    private int _waiting;

    public RequestGate(string cluster, string type)
    {
        _cluster = new Uri(new Uri(cluster), "/rest/");
        _type = type;
        var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        Address = "http://127.0.0.1:" + ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        _listener.Prefixes.Add(Address + "/");
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Address { get; }

    // How many must wait until they are let through; 0 lets all through at once.
    public int Width { get; set; }

    public int Waiting { get { return Volatile.Read(ref _waiting); } }

    public int Most { get; private set; }

    public int Seen { get; private set; }

    public void Reset(int width)
    {
        Width = width;
        Most = 0;
        Seen = 0;
    }

    public void Dispose()
    {
        _listener.Close();
        _http.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                _ = Task.Run(() => ServeAsync(context));
            }
        }
        catch (Exception)
        {
            // It is closed.
        }
    }

    private async Task ServeAsync(HttpListenerContext context)
    {
        var body = new MemoryStream();
        await context.Request.InputStream.CopyToAsync(body);
        var text = Uri.UnescapeDataString(System.Text.Encoding.UTF8.GetString(body.ToArray()));
        if (Width == 0 || !text.Contains("\"" + _type + "\""))
        {
            await ForwardAsync(context, body.ToArray(), () => { });
            return;
        }

        List<Func<Task>> let = null;
        lock (_held)
        {
            Seen++;
            Most = Math.Max(Most, Interlocked.Increment(ref _waiting));
            _held.Add(() => ForwardAsync(context, body.ToArray(), () => Interlocked.Decrement(ref _waiting)));
            if (_held.Count >= Width) { let = Take(); }
            else { _ = GiveUpAsync(_held[0]); }
        }

        if (let != null) { await LetAsync(let); }
    }

    // A cmdlet that never sends as many must fail its test, not hang it.
    private async Task GiveUpAsync(Func<Task> first)
    {
        await Task.Delay(Patience);
        List<Func<Task>> let = null;
        lock (_held)
        {
            if (_held.Contains(first)) { let = Take(); }
        }

        if (let != null) { await LetAsync(let); }
    }

    private List<Func<Task>> Take()
    {
        var all = new List<Func<Task>>(_held);
        _held.Clear();
        all.Reverse();
        return all;
    }

    private async Task LetAsync(List<Func<Task>> all)
    {
        foreach (var forward in all) { await forward(); }
    }

    // Who has the answer may send the next request at once, so it counts as answered just before.
    private async Task ForwardAsync(HttpListenerContext context, byte[] body, Action answered)
    {
        try
        {
            using (var request = new HttpRequestMessage(new HttpMethod(context.Request.HttpMethod), _cluster))
            {
                request.Content = new ByteArrayContent(body);
                request.Content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
                using (var answer = await _http.SendAsync(request))
                {
                    var bytes = await answer.Content.ReadAsByteArrayAsync();
                    answered();
                    context.Response.StatusCode = (int)answer.StatusCode;
                    context.Response.ContentType = answer.Content.Headers.ContentType == null ? null : answer.Content.Headers.ContentType.ToString();
                    context.Response.ContentLength64 = bytes.Length;
                    await context.Response.OutputStream.WriteAsync(bytes, 0, bytes.Length);
                    context.Response.Close();
                }
            }
        }
        catch (Exception)
        {
            // Who asked has gone.
        }
    }
}
'@

function New-RequestGate {
    param([Parameter(Mandatory)] [string] $Cluster, [Parameter(Mandatory)] [string] $Type)
    [RequestGate]::new($Cluster, $Type)
}

Export-ModuleMember -Function New-RequestGate
