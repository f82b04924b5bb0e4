using GenModels.Samples;

Recipe[] recipes =
[
    new ImportanceWeightedRecipe("vae", 1, 1_200, new(86.76, "Burda, Grosse and Salakhutdinov 2016, table 1, VAE, k = 1")),
    new ImportanceWeightedRecipe("iwae-5", 5, 700, new(85.54, "Burda, Grosse and Salakhutdinov 2016, table 1, IWAE, k = 5")),
    new ImportanceWeightedRecipe("iwae-50", 50, 80, new(84.78, "Burda, Grosse and Salakhutdinov 2016, table 1, IWAE, k = 50")),
    new ParzenRecipe("gan-parzen", 250, new(225, "Goodfellow et al. 2014, table 1")),
    new RingRecipe("gan-ring"),
    new DigitsRecipe("digits"),
];
return new ReproduceCommand(recipes).Run(args);
