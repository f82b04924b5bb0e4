using GenModels.Randomness;

namespace GenModels.Tests.Randomness;

public sealed unsafe class PhiloxTests
{
    // The known answers for philox4x32-10 in kat_vectors of Random123, the authors' own implementation.
    [Theory]
    [InlineData(0UL, 0UL, 0UL, new uint[] { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 })]
    [InlineData(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, new uint[] { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd })]
    [InlineData(0x85a308d3243f6a88, 0x0370734413198a2e, 0x299f31d0a4093822, new uint[] { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 })]
    public void The_words_are_the_known_answers(ulong low, ulong high, ulong key, uint[] expected)
    {
        var (word0, word1, word2, word3) = Philox.Block(low, high, key);
        new[] { word0, word1, word2, word3 }.Should().Equal(expected);
    }

    [Theory]
    [InlineData(0, 0UL, 0UL)]
    [InlineData(3, 0x0370734413198a2e, 0x299f31d0a4093822)]
    // Counters 2³² − 16 to 2³² + 31: the second word is not 0 any more.
    [InlineData((1L << 28) - 1, ulong.MaxValue, ulong.MaxValue)]
    public void A_group_holds_the_words_of_16_counters_whatever_the_width(long group, ulong step, ulong key)
    {
        const int groups = 3, counters = 16;
        uint[] expected = new uint[groups * WordGroups.Size];
        for (int i = 0; i < groups * counters; i++)
        {
            var (word0, word1, word2, word3) = Philox.Block((ulong)(group * counters + i), step, key);
            int at = i / counters * WordGroups.Size + i % counters;
            (expected[at], expected[at + 16], expected[at + 32], expected[at + 48]) = (word0, word1, word2, word3);
        }
        var call = new RandomCall(key, step);
        Words(target => WordGroups.Fill(call, group, groups, (uint*)target)).Should().Equal(expected);
        Words(target => WordGroups.Fill<PhiloxLanes2>(call, group, groups, (uint*)target)).Should().Equal(expected);
        Words(target => WordGroups.Fill<PhiloxLanes4>(call, group, groups, (uint*)target)).Should().Equal(expected);
        Words(target => WordGroups.Fill<PhiloxLanes8>(call, group, groups, (uint*)target)).Should().Equal(expected);

        static uint[] Words(Action<nint> fill)
        {
            uint[] words = new uint[groups * WordGroups.Size];
            fixed (uint* target = words) fill((nint)target);
            return words;
        }
    }
}
