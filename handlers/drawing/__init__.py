"""Drawing: how wide words are, and the few shapes of which every picture is made."""
