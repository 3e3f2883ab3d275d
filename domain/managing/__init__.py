"""What staff decide: settings, what a change may do, the ends of credits."""
