namespace GenModels.Numerics;

/// <summary>A compensated sum of terms t·2ᵉ, of which none is lost because it lies outside a double's range.</summary>
internal struct ScaledSum
{
    private CompensatedSum _sum;
    private int _exponent;

    public readonly ScaledNumber Value => new(_sum.Value, 0, _exponent);

    public void Add(double term, int exponent)
    {
        if (term == 0) return;
        if (exponent > _exponent || _sum.Value == 0)
        {
            _sum = _sum.Scaled(_exponent - exponent);
            _exponent = exponent;
        }
        _sum.Add(Math.ScaleB(term, exponent - _exponent));
    }
}
