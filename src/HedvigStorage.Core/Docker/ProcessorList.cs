namespace HedvigStorage.Docker;

/// <summary>Lists of processors as the kernel writes them.</summary>
internal static class ProcessorList
{
    /// <summary>Processors, such as <c>0-2,4</c>, in order and each once.</summary>
    public static string Normal(string item)
    {
        const int Most = 8192;
        var numbers = new SortedSet<int>();
        foreach (var part in item.Split(','))
        {
            var bounds = part.Split('-');
            if (bounds.Length > 2
                || !int.TryParse(bounds[0].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var first)
                || !int.TryParse(bounds[bounds.Length - 1].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var last)
                || last < first || last >= Most)
            {
                throw ContainerSetting.Wrong(item, "processors by their numbers, such as 0-2,4");
            }

            numbers.UnionWith(Enumerable.Range(first, last - first + 1));
        }

        var starts = numbers.Where(number => !numbers.Contains(number - 1));
        return string.Join(",", starts.Select(start =>
        {
            var end = start;
            while (numbers.Contains(end + 1))
            {
                end++;
            }

            return start == end
                ? start.ToString(CultureInfo.InvariantCulture)
                : string.Format(CultureInfo.InvariantCulture, "{0}-{1}", start, end);
        }));
    }
}
