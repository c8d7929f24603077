using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace HedvigStorage.Module.Tests;

/// <summary>
/// Assemblies that a name can be bound to, the first of two with one name first, as a framework's own goes before one that is brought
/// along.
/// </summary>
internal sealed class AssemblySet : IDisposable
{
    private readonly List<PEReader> _files = [];
    private readonly Dictionary<string, List<MetadataReader>> _assemblies = new(StringComparer.OrdinalIgnoreCase);

    public AssemblySet(params IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            var file = new PEReader(File.OpenRead(path));
            _files.Add(file);
            if (file.HasMetadata && file.GetMetadataReader() is { IsAssembly: true } reader)
            {
                var name = reader.GetString(reader.GetAssemblyDefinition().Name);
                if (!_assemblies.TryGetValue(name, out var all))
                {
                    _assemblies[name] = all = [];
                }

                all.Add(reader);
            }
        }
    }

    /// <summary>Names every type and member that an assembly refers to and that is not there.</summary>
    public IEnumerable<string> FindMissing(MetadataReader reader)
    {
        var from = reader.GetString(reader.GetAssemblyDefinition().Name);
        foreach (var handle in reader.TypeReferences)
        {
            if (Find(reader, handle) is null)
            {
                yield return $"{from}: the type {TypeNameProvider.NameOf(reader, handle)} of {Scope(reader, handle)}";
            }
        }

        foreach (var handle in reader.MemberReferences)
        {
            var member = reader.GetMemberReference(handle);
            if (Parent(reader, member.Parent) is { } parent && Find(reader, parent) is { } type && !HasMember(type, reader, member))
            {
                yield return $"{from}: the member {TypeNameProvider.NameOf(reader, parent)}.{reader.GetString(member.Name)} "
                    + $"{Describe(reader, member)}";
            }
        }
    }

    public IEnumerable<MetadataReader> Named(params IEnumerable<string> names) => names.SelectMany(name => _assemblies[name]);

    public void Dispose() => _files.ForEach(file => file.Dispose());

    private (MetadataReader Reader, TypeDefinitionHandle Type)? Find(MetadataReader reader, TypeReferenceHandle handle)
    {
        var type = reader.GetTypeReference(handle);
        switch (type.ResolutionScope.Kind)
        {
            case HandleKind.TypeReference:
                return Find(reader, (TypeReferenceHandle)type.ResolutionScope) is { } outer
                    ? Nested(outer, reader.GetString(type.Name))
                    : null;
            case HandleKind.AssemblyReference:
                var assembly = reader.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope);
                return Find(
                    reader.GetString(assembly.Name), assembly.Version, reader.GetString(type.Namespace), reader.GetString(type.Name));
            default:
                return null;
        }
    }

    private (MetadataReader Reader, TypeDefinitionHandle Type)? Find(string assembly, Version version, string space, string name)
    {
        if (!_assemblies.TryGetValue(assembly, out var all)
            || all.FirstOrDefault(one => one.GetAssemblyDefinition().Version >= version) is not { } reader)
        {
            return null;
        }

        foreach (var handle in reader.TypeDefinitions)
        {
            var type = reader.GetTypeDefinition(handle);
            if (!type.IsNested && reader.StringComparer.Equals(type.Name, name) && reader.StringComparer.Equals(type.Namespace, space))
            {
                return (reader, handle);
            }
        }

        foreach (var handle in reader.ExportedTypes)
        {
            var type = reader.GetExportedType(handle);
            if (type.IsForwarder && reader.StringComparer.Equals(type.Name, name) && reader.StringComparer.Equals(type.Namespace, space))
            {
                var next = reader.GetAssemblyReference((AssemblyReferenceHandle)type.Implementation);
                return Find(reader.GetString(next.Name), next.Version, space, name);
            }
        }

        return null;
    }

    private static (MetadataReader Reader, TypeDefinitionHandle Type)? Nested(
        (MetadataReader Reader, TypeDefinitionHandle Type) outer, string name)
    {
        foreach (var handle in outer.Reader.GetTypeDefinition(outer.Type).GetNestedTypes())
        {
            if (outer.Reader.StringComparer.Equals(outer.Reader.GetTypeDefinition(handle).Name, name))
            {
                return (outer.Reader, handle);
            }
        }

        return null;
    }

    // A member may be declared by a type, or by what it derives from.
    private bool HasMember((MetadataReader Reader, TypeDefinitionHandle Type) type, MetadataReader reader, MemberReference member)
    {
        var name = reader.GetString(member.Name);
        var wanted = Describe(reader, member);
        for (var at = type; ;)
        {
            var definition = at.Reader.GetTypeDefinition(at.Type);
            var names = member.GetKind() == MemberReferenceKind.Method
                ? definition.GetMethods().Select(at.Reader.GetMethodDefinition)
                    .Where(method => at.Reader.StringComparer.Equals(method.Name, name))
                    .Select(method => TypeNameProvider.Describe(method.DecodeSignature(TypeNameProvider.Instance, null)))
                : definition.GetFields().Select(at.Reader.GetFieldDefinition)
                    .Where(field => at.Reader.StringComparer.Equals(field.Name, name))
                    .Select(field => field.DecodeSignature(TypeNameProvider.Instance, null));
            if (names.Contains(wanted, StringComparer.Ordinal))
            {
                return true;
            }

            if (Base(at.Reader, definition.BaseType) is not { } next)
            {
                return false;
            }

            at = next;
        }
    }

    private (MetadataReader Reader, TypeDefinitionHandle Type)? Base(MetadataReader reader, EntityHandle handle) => handle switch
    {
        { IsNil: true } => null,
        { Kind: HandleKind.TypeDefinition } => (reader, (TypeDefinitionHandle)handle),
        _ => Parent(reader, handle) is { } parent ? Find(reader, parent) : null,
    };

    // Members of arrays and of the assembly's own types need no other assembly.
    private static TypeReferenceHandle? Parent(MetadataReader reader, EntityHandle handle)
    {
        if (handle.Kind == HandleKind.TypeReference)
        {
            return (TypeReferenceHandle)handle;
        }

        if (handle.Kind != HandleKind.TypeSpecification)
        {
            return null;
        }

        var blob = reader.GetBlobReader(reader.GetTypeSpecification((TypeSpecificationHandle)handle).Signature);
        if (blob.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
        {
            return null;
        }

        _ = blob.ReadCompressedInteger();
        var generic = blob.ReadTypeHandle();
        return generic.Kind == HandleKind.TypeReference ? (TypeReferenceHandle)generic : null;
    }

    private static string Describe(MetadataReader reader, MemberReference member) => member.GetKind() == MemberReferenceKind.Method
        ? TypeNameProvider.Describe(member.DecodeMethodSignature(TypeNameProvider.Instance, null))
        : member.DecodeFieldSignature(TypeNameProvider.Instance, null);

    private static string Scope(MetadataReader reader, TypeReferenceHandle handle)
    {
        var scope = reader.GetTypeReference(handle).ResolutionScope;
        return scope.Kind switch
        {
            HandleKind.TypeReference => Scope(reader, (TypeReferenceHandle)scope),
            HandleKind.AssemblyReference when reader.GetAssemblyReference((AssemblyReferenceHandle)scope) is var assembly =>
                $"{reader.GetString(assembly.Name)} {assembly.Version}",
            _ => "itself",
        };
    }
}
