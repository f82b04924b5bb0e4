using GenModels.Numerics;

namespace GenModels.Tests.Numerics;

public class GammaFunctionsTests
{
    /// <summary>Values: mpmath at 40 digits (loggamma, digamma, psi(1, x) − 1/x), the same as scipy.special's to its precision.</summary>
    [Theory]
    [InlineData(0.001, 6.907178885383853, -1000.5755719318103, 999001.6425331958)]
    [InlineData(0.3, 1.0957979948180756, -3.502524222200133, 8.912031212774398)]
    [InlineData(0.999, 0.0005780385328913802, -0.5788618021086455, 0.6463404307760495)]
    [InlineData(1.0001, -5.771334222047127e-05, -0.5770511835143348, 0.6447936779341442)]
    [InlineData(1.5, -0.12078223763524522, 0.03648997397857652, 0.26813553387801264)]
    [InlineData(1.999, -0.0004224618006921073, 0.4221391988923556, 0.14508830270951326)]
    [InlineData(2.00001, 4.22787559764836e-06, 0.42279078441893003, 0.14493252572236012)]
    [InlineData(2.4, 0.21685932244884157, 0.6529011697005981, 0.09848584223027772)]
    [InlineData(3.7, 1.428072326665388, 1.1671535393615113, 0.039767587399768045)]
    [InlineData(7.9, 8.32426586800881, 2.002238487563571, 0.008348504975621764)]
    [InlineData(8.1, 8.72738826343204, 2.0288674570805814, 0.007933456453286936)]
    [InlineData(25, 54.78472939811232, 3.198742512851974, 0.0008106632572255791)]
    [InlineData(1000, 5905.220423209181, 6.907255195648812, 5.001666666333334e-07)]
    [InlineData(123456789, 2176716239.22327, 18.631401762118017, 3.280500068562451e-17)]
    public void Values_hold_to_1e_13(double x, double logGamma, double digamma, double curvature)
    {
        GammaFunctions.LogGamma(x).Should().BeApproximately(logGamma, 1e-13 * Math.Abs(logGamma));
        GammaFunctions.Digamma(x).Should().BeApproximately(digamma, 1e-13 * Math.Abs(digamma));
        GammaFunctions.DepartureCurvature(x).Should().BeApproximately(curvature, 1e-13 * curvature);
    }

    /// <summary>Values: scipy.special.gammainc.</summary>
    [Theory]
    [InlineData(0.5, 4.5, 0.9973002039367398)]
    [InlineData(1, 4.5, 0.9888910034617577)]
    [InlineData(1.5, 4.5, 0.9707091134651118)]
    [InlineData(32, 4.5, 3.9053527444184776e-17)]
    [InlineData(0.5, 1e-6, 0.0011283787909692373)]
    public void The_lower_incomplete_function_is_that_of_SciPy(double a, double x, double expected) =>
        GammaFunctions.LowerRegularized(a, x).Should().BeApproximately(expected, 1e-13 * expected);

    [Theory]
    [InlineData(0.7)]
    [InlineData(12)]
    public void The_distance_above_the_tangent_is_the_same_on_both_sides_of_the_switch(double x)
    {
        double below = AboveTangent(x, x * (1.5 - 1e-12)), above = AboveTangent(x, x * (1.5 + 1e-12));
        above.Should().BeApproximately(below, 1e-11 * below).And.BePositive();
        AboveTangent(x, x).Should().Be(0);
    }

    private static double AboveTangent(double x, double y) => GammaFunctions.DepartureAboveTangent(x, y, y - x);
}
