using GenModels.Numerics;

namespace GenModels.Tests.Numerics;

public class ElementaryTests
{
    /// <summary>Values: mpmath at 60 digits, of the doubles given.</summary>
    [Theory]
    [InlineData(1e-300, 1e-300, 1e-300, 0, 0)]
    [InlineData(1e-20, 1e-20, 1e-20, 5e-41, 5e-41)]
    [InlineData(-1e-10, -1.00000000005e-10, -9.999999999500001e-11, 5.000000000333334e-21, 4.999999999833334e-21)]
    [InlineData(3e-05, 2.99995500089998e-05, 3.0000450004500034e-05, 4.499910002024952e-10, 4.5000450003375025e-10)]
    [InlineData(-0.01, -0.010050335853501442, -0.009950166250831947, 5.0335853501441186e-05, 4.983374916805358e-05)]
    [InlineData(0.3, 0.26236426446749106, 0.3498588075760031, 0.03763573553250894, 0.0498588075760031)]
    [InlineData(-0.49, -0.6733445532637656, -0.38737360581558394, 0.1833445532637656, 0.10262639418441606)]
    [InlineData(0.99, 0.688134638736401, 1.6912344723492623, 0.301865361263599, 0.7012344723492623)]
    [InlineData(-0.75, -1.3862943611198906, -0.5276334472589853, 0.6362943611198906, 0.22236655274101472)]
    [InlineData(1.5, 0.9162907318741551, 3.481689070338065, 0.5837092681258449, 1.9816890703380647)]
    [InlineData(20, 3.044522437723423, 485165194.4097903, 16.955477562276577, 485165174.4097903)]
    [InlineData(-0.999, -6.907755278982136, -0.631752495386337, 5.908755278982136, 0.3672475046136629)]
    public void Values_hold_to_some_roundings(double x, double log1P, double expM1, double xMinusLog1P, double expM1MinusX)
    {
        Elementary.Log1P(x).Should().BeApproximately(log1P, 1e-15 * Math.Abs(log1P));
        Elementary.ExpM1(x).Should().BeApproximately(expM1, 1e-15 * Math.Abs(expM1));
        Elementary.XMinusLog1P(x).Should().BeApproximately(xMinusLog1P, 2e-15 * xMinusLog1P);
        Elementary.ExpM1MinusX(x).Should().BeApproximately(expM1MinusX, 2e-15 * expM1MinusX);
    }

    [Fact]
    public void The_ends_of_the_domains()
    {
        Elementary.Log1P(-1).Should().Be(double.NegativeInfinity);
        Elementary.Log1P(double.MaxValue).Should().Be(Math.Log(double.MaxValue));
        Elementary.ExpM1(-1000).Should().Be(-1);
        Elementary.ExpM1(1000).Should().Be(double.PositiveInfinity);
        Elementary.XMinusLog1P(-1).Should().Be(double.PositiveInfinity);
    }
}
